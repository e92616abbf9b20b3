// SPDX-License-Identifier: BSD-2-Clause
// usage: node validate.cjs SCHEMAS DIR
// Reads the reports in DIR: NAME.json, NAME.tap, NAME.ktap, NAME.xml, NAME.kcidb and NAME.index of the same results for each NAME,
// and NAME.diff, with readers that are not ours where there are such, and prints "FILE: what is wrong". Each must be valid, and
// those of one NAME must count the same. Exit status: 0 nothing is wrong, 1 something is. The last line is "N checks".
'use strict';

const fs = require('fs');
const path = require('path');
const Ajv = require('ajv/dist/2020').default;
const formats = require('ajv-formats').default;
const { Parser } = require('tap-parser');
const { read_ktap } = require('./ktap.cjs');

const [schemas, directory] = process.argv.slice(2);
let checks = 0;
let status = 0;

function check(file, holds, what)
{
	checks++;
	if (holds)
		return;
	console.log(`${path.basename(file)}: ${what}`);
	status = 1;
}

function read(file)
{
	return fs.readFileSync(path.join(directory, file), 'utf8');
}

function validator(file)
{
	const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false });

	formats(ajv);
	return ajv.compile(JSON.parse(fs.readFileSync(file, 'utf8')));
}

function errors_of(validate)
{
	return validate.errors.map(error => `${error.instancePath} ${error.message}`).join('; ');
}

// The lines of a file of JSON Lines, without those that are no JSON.
function read_lines(file, validate)
{
	const lines = read(file).split('\n');

	check(file, lines.pop() === '', 'does not end with an end of line');
	return lines.flatMap((line, i) => {
		try {
			const value = JSON.parse(line);
			check(`${file}:${i + 1}`, validate(value), validate(value) || errors_of(validate));
			return [value];
		} catch (error) {
			check(`${file}:${i + 1}`, false, error.message);
			return [];
		}
	});
}

// What the lines of NAME.json say: how many cases have which outcome.
function read_json(name, validate)
{
	const counts = { holds: 0, skipped: 0, expected: 0, fails: 0, runs: 0, cut_short: 0 };

	for (const value of read_lines(`${name}.json`, validate)) {
		if (value.type === 'run') {
			counts.runs++;
			counts.cut_short += value.ended < value.asked;
		} else if (value.outcome === 'deviates' || value.outcome === 'defect') {
			counts.expected++;
		} else {
			counts[value.outcome === 'broken' ? 'fails' : value.outcome]++;
		}
	}
	return counts;
}

function agrees(file, counts, seen)
{
	for (const [key, count] of Object.entries(seen))
		check(file, counts[key] === count, `has ${count} for "${key}", and the lines of JSON have ${counts[key]}`);
}

// Every test point of the document and its subtests, but for those that stand for a subtest.
function tap_points(text, nested)
{
	return new Promise(resolve => {
		const points = [];
		let version;
		const parser = new Parser({ strict: true }, results => resolve({ points, results, version }));
		parser.on('version', found => version = Number(found));
		const watch = (one, depth) => {
			one.on('child', child => watch(child, depth + 1));
			one.on('assert', point => {
				if (depth === (nested ? 1 : 0))
					points.push(point);
			});
			one.on('extra', line => points.push({ extra: line }));
		};
		watch(parser, 0);
		parser.end(text);
	});
}

async function check_tap(name, counts)
{
	const file = `${name}.tap`;
	const { points, results, version } = await tap_points(read(file), counts.runs > 1);
	const seen = { holds: 0, skipped: 0, expected: 0, fails: 0 };
	const complaints = results.failures.filter(one => one.tapError);

	for (const point of points) {
		check(file, !point.extra, `a line is not TAP: ${point.extra}`);
		if (point.extra)
			continue;
		seen[point.skip ? 'skipped' : point.todo ? 'expected' : point.ok ? 'holds' : 'fails']++;
		check(file, point.ok || typeof point.diag === 'object', `point ${point.id} has no YAML`);
	}
	agrees(file, counts, seen);
	// The parser tells of a wrong plan only if nothing else fails.
	if (counts.cut_short === 0)
		check(file, results.plan.end === results.count, `plans ${results.plan.end} points and has ${results.count}`);
	if (counts.cut_short === 0)
		check(file, complaints.length === 0, complaints.map(one => one.tapError).join('; '));
	else
		check(file, !results.ok, 'a run that was cut short is fine');
	check(file, version === 14, `is of version ${version}`);
}

function check_ktap(name, counts)
{
	const file = `${name}.ktap`;
	const { complaints, tests } = read_ktap(read(file));
	const seen = { holds: 0, skipped: 0, expected: 0, fails: 0 };

	check(file, complaints.length === 0, complaints.join('; '));
	for (const test of tests)
		seen[{ SKIP: 'skipped', XFAIL: 'expected' }[test.directive] ?? (test.is_ok ? 'holds' : 'fails')]++;
	seen.fails -= counts.cut_short;
	agrees(file, counts, seen);
}

// xmllint has validated it. Its elements are one a line.
function check_junit(name, counts)
{
	const file = `${name}.xml`;
	const text = read(file);
	const count = pattern => (text.match(pattern) ?? []).length;
	const sums = text.match(/<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)"/).slice(1).map(Number);
	const skipped = count(/^ *<skipped type="shmcheck\.skipped"/gm);
	const all = count(/^ *<skipped /gm);
	const fails = count(/^ *<(failure|error) /gm);

	agrees(file, counts, {
		skipped,
		expected: all - skipped,
		fails: fails - counts.cut_short,
		holds: count(/^ *<testcase /gm) - all - fails
	});
	check(file, sums[0] === count(/^ *<testcase /gm), 'counts another number of cases than it has');
	check(file, sums[1] + sums[2] === fails, 'counts another number of failures than it has');
}

// Whole documents.
function read_document(file, validate)
{
	const document = JSON.parse(read(file));

	check(file, validate(document), validate(document) || errors_of(validate));
	return document;
}

function check_kcidb(name, counts, validate)
{
	const file = `${name}.kcidb`;
	const { checkouts, builds, tests, issues, incidents } = read_document(file, validate);
	const ids = list => new Set(list.map(one => one.id));
	const count = (...words) => tests.filter(test => words.includes(test.status)).length;
	const known = { checkouts: ids(checkouts), builds: ids(builds), tests: ids(tests), issues: ids(issues) };

	for (const list of [checkouts, builds, tests, issues, incidents])
		check(file, ids(list).size === list.length, 'has two objects of one id');
	for (const build of builds)
		check(file, known.checkouts.has(build.checkout_id), `has no checkout ${build.checkout_id}`);
	for (const test of tests)
		check(file, known.builds.has(test.build_id), `has no build ${test.build_id}`);
	for (const incident of incidents) {
		check(file, known.issues.has(incident.issue_id), `has no issue ${incident.issue_id}`);
		check(file, known.tests.has(incident.test_id), `has no test ${incident.test_id}`);
	}
	agrees(file, counts, {
		holds: count('PASS'),
		skipped: count('SKIP'),
		expected: count('DONE') + incidents.length,
		fails: count('FAIL', 'ERROR') - incidents.length,
		cut_short: count('MISS')
	});
}

function check_index(name, validate)
{
	const file = `${name}.index`;
	const { sources, cases } = read_document(file, validate);
	const names = new Set(cases.map(one => one.case));

	check(file, names.size === cases.length, 'has a case twice');
	for (const { source, requirements } of sources)
		for (const { cases: those } of requirements)
			for (const one of those)
				check(file, names.has(one), `has no case ${one} of ${source}`);
}

async function main()
{
	const validate = validator(path.join(schemas, 'shmcheck-report.schema.json'));
	const validate_index = validator(path.join(schemas, 'shmcheck-index.schema.json'));
	const validate_kcidb = validator(path.join(__dirname, 'kcidb.schema.json'));
	const names = fs.readdirSync(directory).filter(file => file.endsWith('.json')).map(file => file.slice(0, -5));

	for (const name of names) {
		const counts = read_json(name, validate);
		check_junit(name, counts);
		check_ktap(name, counts);
		await check_tap(name, counts);
		check_kcidb(name, counts, validate_kcidb);
		check_index(name, validate_index);
	}
	const validate_diff = validator(path.join(schemas, 'shmcheck-report-diff.schema.json'));
	for (const file of fs.readdirSync(directory).filter(name => name.endsWith('.diff')))
		read_lines(file, validate_diff);
	console.log(`${checks} checks`);
	process.exit(status);
}

main();
