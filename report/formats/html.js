/* SPDX-License-Identifier: BSD-2-Clause */
(function () {
	"use strict";
	var form = document.getElementById("filter");
	var find = document.getElementById("find");
	var order = document.getElementById("order");
	var shown = document.getElementById("shown");
	var unfold = document.getElementById("unfold");
	var rows = Array.prototype.slice.call(document.querySelectorAll("#requirements .r"));
	var failures = Array.prototype.slice.call(document.querySelectorAll(".failure"));
	var weight = { fails: 0, defect: 1, deviates: 2, holds: 3, skipped: 4, absent: 5 };
	var texts = [];
	var folds = rows.length > 0 && rows[0].tagName === "DETAILS";
	var home = rows.map(function (row) { return row.parentNode; });

	function text(i) {
		if (texts[i] === undefined)
			texts[i] = rows[i].textContent.toLowerCase();
		return texts[i];
	}

	function filter() {
		var words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
		var outcomes = {};
		var count = 0;
		form.querySelectorAll("input[type=checkbox]").forEach(function (box) { outcomes[box.value] = box.checked; });
		rows.forEach(function (row, i) {
			var fits = outcomes[row.dataset.o] !== false &&
				words.every(function (word) { return text(i).indexOf(word) !== -1; });
			row.hidden = !fits;
			count += fits ? 1 : 0;
		});
		document.querySelectorAll("#requirements .interface").forEach(function (part) {
			part.hidden = part.querySelector(".r:not([hidden])") === null;
		});
		shown.textContent = count + " of " + rows.length + " requirements";
	}

	/* Within each interface; the order of the suite is that of the page. */
	function sort() {
		var places = rows.map(function (row, i) { return i; });
		places.sort(function (a, b) {
			if (order.value === "outcome" && weight[rows[a].dataset.o] !== weight[rows[b].dataset.o])
				return weight[rows[a].dataset.o] - weight[rows[b].dataset.o];
			if (order.value === "time" && rows[a].dataset.t !== rows[b].dataset.t)
				return rows[b].dataset.t - rows[a].dataset.t;
			return a - b;
		});
		places.forEach(function (i) { home[i].appendChild(rows[i]); });
	}

	function go(step) {
		var at = failures.indexOf(document.activeElement.closest(".failure"));
		var next = failures[at === -1 ? (step > 0 ? 0 : failures.length - 1) : at + step];
		if (next !== undefined) {
			next.focus({ preventScroll: true });
			next.scrollIntoView();
		}
	}

	/* A link to a requirement unfolds it. If the filter hides it, the link is the newer wish. */
	function reveal() {
		var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
		if (target !== null && target.tagName === "DETAILS")
			target.open = true;
		if (target !== null && target.hidden && rows.indexOf(target) !== -1) {
			find.value = "";
			form.querySelectorAll("input[type=checkbox]").forEach(function (box) { box.checked = true; });
			filter();
			target.scrollIntoView();
		}
	}

	form.hidden = false;
	unfold.hidden = !folds;
	order.querySelector("[value=time]").hidden = !folds;
	form.addEventListener("submit", function (event) { event.preventDefault(); });
	find.addEventListener("input", filter);
	form.addEventListener("change", function (event) {
		if (event.target === order)
			sort();
		filter();
	});
	unfold.addEventListener("click", function () {
		var open = unfold.textContent === "Unfold all";
		rows.forEach(function (row) { if (!row.hidden) row.open = open; });
		unfold.textContent = open ? "Fold all" : "Unfold all";
	});
	document.addEventListener("keydown", function (event) {
		if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName))
			return;
		if (event.key === "n")
			go(1);
		else if (event.key === "p")
			go(-1);
		else if (event.key === "/") {
			event.preventDefault();
			find.focus();
		}
	});
	window.addEventListener("hashchange", reveal);
	/* The same link once more changes no hash. */
	document.addEventListener("click", function (event) {
		var link = event.target.closest('a[href^="#"]');
		if (link !== null && link.hash === location.hash)
			reveal();
	});
	filter();
	reveal();
}());
