// SPDX-License-Identifier: BSD-2-Clause
// Reads KTAP version 1 as the Linux kernel's Documentation/dev-tools/ktap.rst has it, and strictly: of what that allows, and we
// never write, we would not see that it went wrong.
'use strict';

// read_ktap(TEXT): {complaints: [text], tests: [{name, is_ok, directive}]} with the tests that have no subtests.
function read_ktap(text)
{
	const lines = text.split('\n');
	const complaints = [];
	const tests = [];
	let next = 0;

	if (lines.pop() !== '')
		complaints.push('the last line is cut off');

	// Read a document with this indentation. Returns how its tests ended, null if it is none.
	function read_document(indent)
	{
		const blanks = ' '.repeat(indent);
		const ends = [];
		let planned = null;
		let children = null;

		if (lines[next] !== `${blanks}KTAP version 1`) {
			complaints.push(`line ${next + 1}: no version`);
			return null;
		}
		for (next++; next < lines.length; next++) {
			const line = lines[next];
			if (!line.startsWith(blanks))
				break;
			const rest = line.slice(indent);
			let match;
			if (rest.startsWith('  ')) {
				if (children !== null)
					complaints.push(`line ${next + 1}: subtests of a test twice`);
				children = read_document(indent + 2);
				if (children === null)
					return null;
				next--;
			} else if (rest.startsWith('# ')) {
				continue;
			} else if ((match = /^1\.\.(\d+)$/.exec(rest)) && planned === null && ends.length === 0) {
				planned = Number(match[1]);
			} else if ((match = /^(not )?ok (\d+) ([^#]*[^# ])(?: # ([A-Z]+)(?: (.*))?)?$/.exec(rest))) {
				const end = { name: match[3], is_ok: !match[1], directive: match[4] };
				if (Number(match[2]) !== ends.length + 1)
					complaints.push(`line ${next + 1}: test ${match[2]} is the ${ends.length + 1}th`);
				if (end.directive && !['SKIP', 'XFAIL', 'TIMEOUT', 'ERROR'].includes(end.directive))
					complaints.push(`line ${next + 1}: unknown directive ${end.directive}`);
				if (end.is_ok && ['TIMEOUT', 'ERROR'].includes(end.directive))
					complaints.push(`line ${next + 1}: ok with ${end.directive}`);
				if (children === null)
					tests.push(end);
				else if (children.some(child => !child.is_ok) === end.is_ok)
					complaints.push(`line ${next + 1}: not as its subtests`);
				children = null;
				ends.push(end);
			} else {
				complaints.push(`line ${next + 1}: not KTAP: ${rest}`);
			}
		}
		if (planned !== ends.length)
			complaints.push(`line ${next}: ${ends.length} tests, planned ${planned}`);
		if (children !== null)
			complaints.push(`line ${next}: subtests without a test`);
		return ends;
	}

	read_document(0);
	if (next < lines.length)
		complaints.push(`line ${next + 1}: behind the end`);
	return { complaints, tests };
}

module.exports = { read_ktap };
