// Makes the page's filters, sliders and long prompts work. Without it everything is there, at full
// length and side by side.
(() => {
    "use strict";
    const root = document.documentElement;
    root.classList.add("scripted");

    // ---- Pictures fill their place, whatever their size
    for (const image of document.images) {
        const aspect = image.getAttribute("width") / image.getAttribute("height");
        image.style.setProperty("--aspect", String(aspect));
    }

    // ---- Before and after
    const move = (slider) => {
        const share = `${slider.value}%`;
        slider.parentElement.style.setProperty("--at", share);
        slider.setAttribute("aria-valuetext", `${slider.dataset.before} ${share}`);
    };
    for (const slider of document.querySelectorAll(".slider")) {
        slider.hidden = false;
        slider.addEventListener("input", () => move(slider));
        move(slider);
    }

    // ---- Long prompts
    const longText = 320;
    const manyLines = 6;
    for (const prompt of document.querySelectorAll(".prompt")) {
        const text = prompt.textContent;
        if (text.length <= longText && text.split("\n").length <= manyLines) {
            continue;
        }
        prompt.classList.add("short");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "more";
        const show = (whole) => {
            prompt.classList.toggle("short", !whole);
            button.setAttribute("aria-expanded", String(whole));
            button.textContent = whole ? "Show less" : "Show all of it";
        };
        button.addEventListener("click", () => show(prompt.classList.contains("short")));
        show(false);
        prompt.after(button);
    }

    // ---- Filters
    const items = [...document.querySelectorAll(".item")].map((element) => ({
        element,
        state: element.dataset.state,
        command: element.dataset.command || "none",
        prompt: (element.querySelector(".prompt")?.textContent ?? "").toLowerCase(),
    }));
    const filters = document.querySelector(".filters");
    const search = filters.querySelector("input");
    const shown = filters.querySelector(".shown");
    const empty = document.querySelector(".empty");
    const chosen = { show: "all", of: "" };

    const apply = () => {
        const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
        let count = 0;
        for (const item of items) {
            const fits =
                (chosen.show === "all" || item.state === chosen.show) &&
                (chosen.of === "" || item.command === chosen.of) &&
                words.every((word) => item.prompt.includes(word));
            item.element.hidden = !fits;
            count += fits ? 1 : 0;
        }
        for (const button of filters.querySelectorAll("button")) {
            const pressed =
                button.dataset.show === chosen.show || button.dataset.of === chosen.of;
            button.setAttribute("aria-pressed", String(pressed));
        }
        shown.textContent =
            count === items.length ? "" : `${count} of ${items.length} items shown`;
        empty.hidden = count > 0;
    };
    filters.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button?.dataset.show) {
            chosen.show = button.dataset.show;
        } else if (button?.dataset.of) {
            chosen.of = chosen.of === button.dataset.of ? "" : button.dataset.of;
        } else {
            return;
        }
        apply();
    });
    search.addEventListener("input", apply);
    filters.hidden = items.length === 0;
    apply();

    // ---- Pictures that this browser cannot show
    const check = () => {
        const broken = [...document.images].filter((image) => image.naturalWidth === 0);
        for (const image of broken) {
            image.classList.add("broken");
        }
        root.dataset.pictures = broken.length === 0 ? "ok" : "broken";
    };
    if (document.readyState === "complete") {
        check();
    } else {
        window.addEventListener("load", check);
    }
})();
