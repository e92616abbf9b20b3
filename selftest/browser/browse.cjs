// SPDX-License-Identifier: BSD-2-Clause
// usage: node browse.cjs BROWSER PAGES [PICTURES]: see selftest/browser/check.
"use strict";

const fs = require("fs");
const path = require("path");
const url = require("url");
const puppeteer = require("puppeteer-core");

const [browserPath, pages, pictures] = process.argv.slice(2);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
let passed = 0;
let failed = 0;

function check(what, isRight, seen) {
	console.log(`${isRight ? "ok" : "FAILED"}: ${what}${isRight || seen === undefined ? "" : `: ${seen}`}`);
	if (isRight)
		passed++;
	else
		failed++;
}

// A page from the disk, with what goes wrong in it. "how" may have: size, dark, scripts, print.
async function open(browser, name, how) {
	const page = await browser.newPage();
	page.wrong = [];
	page.on("console", (message) => page.wrong.push(message.text()));
	page.on("pageerror", (error) => page.wrong.push(error.message));
	page.on("request", (request) => {
		if (!request.url().startsWith("file:"))
			page.wrong.push(`asks for ${request.url()}`);
	});
	await page.setBypassCSP(true); // For axe-core.
	await page.setViewport(how.size || DESKTOP);
	await page.setJavaScriptEnabled(how.scripts !== false);
	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: how.dark ? "dark" : "light" }]);
	if (how.print)
		await page.emulateMediaType("print");
	await page.goto(url.pathToFileURL(path.join(pages, `${name}.html`)).href);
	return page;
}

const shown = (page) => page.evaluate(() =>
	[...document.querySelectorAll("#requirements .r")].filter((row) => !row.hidden).length);
const total = (page) => page.evaluate(() => document.querySelectorAll("#requirements .r").length);

async function looksRight(browser, name, size, dark) {
	const what = `${name}, ${size.width} pixels, ${dark ? "dark" : "light"}`;
	const page = await open(browser, name, { size, dark });
	check(`${what}: nothing goes wrong or asks the network`, page.wrong.length === 0, page.wrong[0]);
	const width = await page.evaluate(() => document.documentElement.scrollWidth);
	check(`${what}: the page does not scroll sideways`, width <= size.width, width);
	await page.evaluate(() => document.querySelectorAll("#overview details, .failure details, #defects details")
		.forEach((fold) => { fold.open = true; }));
	// Parts of many rows that are all alike are looked at once.
	await page.evaluate(() => document.querySelectorAll("#requirements .interface, #index dl > *, #differences tbody tr, #choices tbody tr")
		.forEach((part) => {
			let before = part.previousElementSibling;
			let number = 0;
			for (; before !== null; before = before.previousElementSibling)
				number++;
			if (number > 12)
				part.remove();
		}));
	await page.evaluate(axe);
	const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
	check(`${what}: axe-core finds nothing`, found.violations.length === 0,
		found.violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 200)}`).join("; "));
	await page.close();
}

async function filters(browser, name, hasFolds) {
	const page = await open(browser, name, {});
	const all = await total(page);
	check(`${name}: all requirements are shown first`, all > 0 && await shown(page) === all, await shown(page));
	await page.keyboard.press("/");
	await page.keyboard.type("shmget einval");
	const some = await shown(page);
	check(`${name}: "/" and words leave some`, some > 0 && some < all, some);
	const alien = await page.evaluate(() => [...document.querySelectorAll("#requirements .r")].filter((row) =>
		!row.hidden && !/shmget/i.test(row.textContent)).length);
	check(`${name}: these have the words`, alien === 0, alien);
	await page.evaluate(() => { document.getElementById("find").value = ""; });
	for (const box of await page.$$("#filter input[type=checkbox]:not([value=fails])"))
		await box.click();
	const failing = await page.evaluate(() => [...document.querySelectorAll("#requirements .r")].filter((row) =>
		!row.hidden).every((row) => row.dataset.o === "fails"));
	check(`${name}: without the other outcomes, only failures are left`, failing && await shown(page) > 0);
	for (const box of await page.$$("#filter input[type=checkbox]:not([value=fails])"))
		await box.click();
	await page.select("#order", "outcome");
	const sorted = await page.evaluate(() => {
		const weight = { fails: 0, defect: 1, deviates: 2, holds: 3, skipped: 4 };
		return [...document.querySelectorAll("#requirements .interface")].every((part) => {
			const rows = [...part.querySelectorAll(".r")].map((row) => weight[row.dataset.o]);
			return rows.every((one, i) => i === 0 || rows[i - 1] <= one);
		});
	});
	check(`${name}: the worst come first when asked for`, sorted);
	if (hasFolds) {
		await page.click("#unfold");
		check(`${name}: all unfold`, await page.evaluate(() => [...document.querySelectorAll("#requirements .r")].every((row) => row.open)));
	}
	check(`${name}: nothing went wrong meanwhile`, page.wrong.length === 0, page.wrong[0]);
	await page.close();
}

async function moves(browser) {
	const page = await open(browser, "one", {});
	const at = () => page.evaluate(() => document.activeElement.id);
	await page.keyboard.press("n");
	check("n goes to the first failure", await at() === "failure-1", await at());
	await page.keyboard.press("n");
	check("n goes to the next one", await at() === "failure-2", await at());
	await page.keyboard.press("p");
	check("p goes back", await at() === "failure-1", await at());
	await page.click("#failure-1 .neighbours a");
	check("a link leads to the next failure", page.url().endsWith("#failure-2"), page.url());
	await page.reload();
	await page.keyboard.press("Tab");
	check("the first Tab leads to a link past the navigation", await page.evaluate(() => document.activeElement.className) === "skip");
	const target = await page.evaluate(() => {
		document.querySelector("#index details").open = true;
		const link = document.querySelector("#index a");
		link.click();
		return decodeURIComponent(link.hash.slice(1));
	});
	await page.waitForFunction((id) => document.getElementById(id).open, { timeout: 5000 }, target).then(
		() => check("a link to a requirement unfolds it", true),
		() => check("a link to a requirement unfolds it", false, target));
	await page.close();
}

// The names of the platforms stay in sight in a long table, and what unfolds can be read on a phone.
async function longTables(browser) {
	const page = await open(browser, "several", { size: PHONE });
	for (const part of ["differences", "choices"]) {
		const isInSight = await page.evaluate((id) => {
			const box = document.querySelector(`#${id} .scroll`);
			box.scrollTop = box.scrollHeight;
			const from = (element) => element.getBoundingClientRect().top - box.getBoundingClientRect().top;
			return box.scrollTop > 0 && Math.abs(from(box.querySelector("thead th"))) < 2;
		}, part);
		check(`${part}: the head of the table stays in sight`, isInSight);
	}
	const width = await page.evaluate(() => {
		const fold = document.querySelector("#differences details");
		fold.open = true;
		return fold.clientWidth;
	});
	check("what unfolds is as wide as a phone can show", width > PHONE.width / 2, width);
	const empty = await page.evaluate(() => [...document.querySelectorAll(".m td")].filter((cell) => cell.textContent.trim() === "").length);
	check("no cell is told by its colour alone", empty === 0, empty);
	for (const name of ["one", "several"]) {
		await page.goto(url.pathToFileURL(path.join(pages, `${name}.html`)).href);
		const labels = await page.evaluate(() => [...document.querySelectorAll("svg text")].map((text) =>
			({ text: text.textContent, height: text.getBoundingClientRect().height, left: text.getBoundingClientRect().left })));
		const bad = labels.find((label) => label.height < 9 || label.left < 0);
		check(`${name}: the labels of the chart can be read on a phone`, labels.length > 0 && bad === undefined, JSON.stringify(bad));
	}
	await page.close();
}

// The index is below the form, so a reader filters first and follows a link then.
async function leadsOutOfTheFilter(browser, name) {
	const page = await open(browser, name, {});
	await page.keyboard.press("/");
	await page.keyboard.type("no requirement has this");
	check(`${name}: words that nothing has leave nothing`, await shown(page) === 0, await shown(page));
	const target = await page.evaluate(() => {
		document.querySelector("#index details").open = true;
		const link = document.querySelector("#index a");
		link.click();
		return decodeURIComponent(link.hash.slice(1));
	});
	await page.waitForFunction((id) => document.getElementById(id).checkVisibility(), { timeout: 5000 }, target).then(
		() => check(`${name}: a link to a requirement that the filter hides shows it`, true),
		() => check(`${name}: a link to a requirement that the filter hides shows it`, false, target));
	await page.$eval("#find", (find) => {
		find.value = "no requirement has this";
		find.dispatchEvent(new Event("input"));
		document.querySelector("#index a").click();
	});
	check(`${name}: so does the same link once more`, await page.evaluate((id) => document.getElementById(id).checkVisibility(), target));
	check(`${name}: the count is right again`, await page.evaluate(() =>
		document.getElementById("shown").textContent.startsWith(`${document.querySelectorAll("#requirements .r").length} of`)));
	await page.close();
}

async function withoutScripts(browser, name) {
	const page = await open(browser, name, { scripts: false });
	const form = await page.$eval("#filter", (element) => element.checkVisibility());
	check(`${name}, no scripts: the form, which would do nothing, is not shown`, !form);
	check(`${name}, no scripts: all requirements are there`, await total(page) > 0 && await shown(page) === await total(page));
	const lost = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].filter((link) =>
		document.getElementById(decodeURIComponent(link.hash.slice(1))) === null).map((link) => link.hash));
	check(`${name}: each link has a target`, lost.length === 0, lost[0]);
	const doubled = await page.evaluate(() => {
		const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
		return ids.filter((id, i) => ids.indexOf(id) !== i)[0];
	});
	check(`${name}: no two parts have one name`, doubled === undefined, doubled);
	await page.close();
}

async function onPaper(browser, name) {
	const page = await open(browser, name, { print: true });
	const hidden = await page.evaluate(() => ["nav", "#filter"].every((part) => !document.querySelector(part).checkVisibility()));
	check(`${name}: on paper there is no navigation and no form`, hidden);
	const folded = await page.evaluate(() => [...document.querySelectorAll("details > :not(summary)")].filter((part) =>
		!part.checkVisibility()).map((part) => part.parentNode.id || part.parentNode.textContent.slice(0, 60)));
	check(`${name}: on paper nothing is folded`, folded.length === 0, `${folded.length}: ${folded[0]}`);
	await page.close();
}

async function picture(browser, name, how, place, file) {
	const page = await open(browser, name, how);
	await page.evaluate((id) => id !== "" && document.getElementById(id).scrollIntoView(), place);
	await page.screenshot({ path: path.join(pictures, file) });
	await page.close();
}

async function main() {
	const browser = await puppeteer.launch({ executablePath: browserPath, headless: true,
		args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
	for (const name of ["one", "several", "odd"])
		for (const size of [DESKTOP, PHONE])
			for (const dark of [false, true])
				await looksRight(browser, name, size, dark);
	await filters(browser, "one", true);
	await filters(browser, "several", false);
	await moves(browser);
	await longTables(browser);
	for (const name of ["one", "several", "odd"])
		await withoutScripts(browser, name);
	for (const name of ["one", "several"]) {
		await leadsOutOfTheFilter(browser, name);
		await onPaper(browser, name);
	}
	if (pictures !== undefined) {
		await picture(browser, "several", { size: { width: 1160, height: 720 } }, "differences", "platforms.png");
		await picture(browser, "one", { size: { width: 1000, height: 850 } }, "", "platform.png");
	}
	await browser.close();
	console.log(`${passed} passed, ${failed} failed, 0 skipped`);
	process.exitCode = failed > 0 ? 1 : 0;
}

main().catch((error) => {
	console.error(`selftest/browser/check: ${error.message}`);
	process.exit(2); // The browser would keep this alive.
});
