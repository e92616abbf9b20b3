// SPDX-License-Identifier: BSD-2-Clause
// usage: node read.cjs TREE SCRIPTS FILE...
// Reads configurations of CI services, writes each shell script in them as a file into the directory SCRIPTS, and prints
// "FILE: what is wrong" for an action or an input of one that ci/schema/actions.json does not have, and for a script or an
// option of the project that TREE does not have. Exit status: 0 nothing is wrong, 1 something is.
'use strict';

const child_process = require('child_process');
const fs = require('fs');
const path = require('path');
const yaml = require('js-yaml');

const [tree, scripts, ...files] = process.argv.slice(2);
const known = JSON.parse(fs.readFileSync(path.join(__dirname, 'actions.json'), 'utf8'));
const helps = new Map();
let status = 0;
let written = 0;

function complain(file, what)
{
	console.log(`${file}: ${what}`);
	status = 1;
}

// visit(VALUE, FUNCTION): calls it with each mapping and each string in the value, and the key where that stands.
function visit(value, use, key = '')
{
	use(value, key);
	if (value !== null && typeof value === 'object')
		for (const [name, part] of Object.entries(value))
			visit(part, use, Array.isArray(value) ? key : name);
}

function declared_inputs(action)
{
	const text = fs.readFileSync(path.join(tree, action, 'action.yml'), 'utf8');
	const inputs = Object.entries(yaml.load(text).inputs ?? {});

	return {
		inputs: inputs.map(([name]) => name),
		required: inputs.filter(([, input]) => input.required).map(([name]) => name),
	};
}

function check_action(file, step)
{
	let action = known[step.uses];

	if (step.uses.startsWith('./')) {
		if (!fs.existsSync(path.join(tree, step.uses, 'action.yml')))
			return complain(file, `there is no action '${step.uses}'`);
		action = declared_inputs(step.uses);
	}
	if (action === undefined)
		return complain(file, `'${step.uses}' is not in ci/schema/actions.json`);
	const given = Object.keys(step.with ?? {});
	for (const name of given.filter((input) => !action.inputs.includes(input)))
		complain(file, `'${step.uses}' has no input '${name}' that we know`);
	for (const name of action.required.filter((input) => !given.includes(input)))
		complain(file, `'${step.uses}' needs the input '${name}'`);
}

function help(script)
{
	if (!helps.has(script)) {
		const run = child_process.spawnSync(path.join(tree, script), ['--help'], { encoding: 'utf8', timeout: 60000 });

		helps.set(script, run.status === 0 ? run.stdout : '');
	}
	return helps.get(script);
}

function is_executable(script)
{
	try {
		fs.accessSync(path.join(tree, script), fs.constants.X_OK);
		return fs.statSync(path.join(tree, script)).isFile();
	} catch {
		return false;
	}
}

// Options are the script's own; ci/hosted hands others on.
function has_option(script, option, rest)
{
	const texts = [help(script)];

	if (script === 'ci/hosted' && !rest.includes('--bundle'))
		texts.push(help(rest.includes('--vm') ? 'ci/vm' : 'ci/check'));
	return texts.some((text) => text.split(/[^a-z0-9-]+/).includes(option));
}

function check_calls(file, text)
{
	const commands = text.replace(/\\\n/g, ' ').split(/\n|;|\|\|?|&&/);

	for (const command of commands.filter((line) => !/^\s*#/.test(line))) {
		const call = command.match(/(?:^|[\s"'/(`])(\.?ci\/[a-z][a-z-]*)(?=$|[\s"'])(.*)$/);

		if (call === null)
			continue;
		const [, script, rest] = call;
		if (!is_executable(script)) {
			complain(file, `there is no script '${script}'`);
			continue;
		}
		for (const [option] of rest.matchAll(/--[a-z][a-z-]*/g))
			if (!has_option(script, option, rest))
				complain(file, `'${script}' has no option '${option}'`);
	}
}

// Whose value a shell gets: GitHub's steps, what they give to a virtual machine, Cirrus's instructions.
function is_script(key)
{
	return /^run$|^prepare$|_script$|^script$/i.test(key);
}

function write_script(file, text)
{
	const shell_text = text.replace(/\$\{\{.*?\}\}/g, 'expression');

	// A value that comes from elsewhere is looked at there. The services all stop at the first command that fails.
	if (shell_text.trim() !== 'expression')
		fs.writeFileSync(path.join(scripts, `${path.basename(file)}.${++written}`), `#!/bin/sh -e\n${shell_text}\n`);
}

for (const file of files) {
	let content;

	try {
		content = yaml.load(fs.readFileSync(file, 'utf8'));
	} catch (error) {
		complain(file, `cannot be read: ${error.message.split('\n')[0]}`);
		continue;
	}
	const in_tasks = new Set(Array.isArray(content?.tasks) ? content.tasks.flatMap((task) => Object.values(task)) : []);
	visit(content, (value, key) => {
		if (value !== null && typeof value === 'object' && typeof value.uses === 'string')
			check_action(file, value);
		if (typeof value !== 'string' || ['name', 'description'].includes(key))
			return;
		check_calls(file, value);
		if (is_script(key) || in_tasks.has(value))
			write_script(file, value);
	});
}
process.exitCode = status;
