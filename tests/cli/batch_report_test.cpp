#include <gmock/gmock.h>

#include "browser.hpp"
#include "command_fixture.hpp"
#include "editprep/imaging/image_file.hpp"
#include "tools/generate_batch_media/report.hpp"

/// A batch's report in a real browser. Skipped where none is installed (Debian: chromium).
namespace editprep::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using tools::generate_batch_media::BatchSummary;
using tools::generate_batch_media::ItemResult;
using Json = nlohmann::json;

class BatchReportPage : public CommandTest {
protected:
    void SetUp() override {
        const auto program = Browser::find();
        if (!program) {
            GTEST_SKIP() << "no chromium";
        }
        browser_.emplace(*program);
    }

    [[nodiscard]] Browser& browser() { return *browser_; }

    ItemResult& add(const std::string& command, const std::string& prompt) {
        ItemResult& result = summary_.results.emplace_back();
        result.index = ++summary_.count;
        result.item = {{"prompt", prompt}};
        result.cmd = {command, "--prompt", prompt};
        result.ok = true;
        result.cost_usd = 0;
        return result;
    }

    /// The fixture pictures under names of their own, as edits of S1.png.
    void add_edits(int count) {
        for (int i = 0; i < count; ++i) {
            ItemResult& result = add("mask_inpaint", "A lamp, number " + std::to_string(i));
            result.item["image"] = file("S1.png").string();
            result.files = {file("S1.png").string()};
        }
    }

    void open() {
        summary_.manifest = "lamps.jsonl";
        const std::filesystem::path page = file("a report für #1.html");
        tools::generate_batch_media::write_report(page.string(), summary_,
                                                  tools::Story([](std::string_view) {}, true));
        browser_->open(page);
    }

    /// The texts of what the selector finds and a reader sees.
    [[nodiscard]] Json visible(const std::string& selector) {
        return browser_->value_of("[...document.querySelectorAll('" + selector +
                                  "')].filter((e) => e.checkVisibility())"
                                  ".map((e) => e.textContent.trim())");
    }

    void click(const std::string& selector) {
        browser_->value_of("document.querySelector('" + selector + "').click()");
    }

    [[nodiscard]] Json marked_pictures() {
        return browser_->value_of("document.documentElement.dataset.pictures");
    }

private:
    BatchSummary summary_;
    std::optional<Browser> browser_;
};

TEST_F(BatchReportPage, ShowsEveryPictureAndAsksForNothing) {
    add_edits(3);
    ItemResult& several = add("generate_image", "several");
    several.files = {file("S2.png").string(), file("S3.png").string(), file("M1.png").string()};
    for (const bool dark : {false, true}) {
        for (const int width : {1280, 390}) {
            browser().set_screen({.width = width, .height = 800, .dark = dark});
            open();
            EXPECT_EQ(
                browser().value_of("[...document.images].filter((i) => i.naturalWidth > 0).length"),
                9);
            EXPECT_EQ(browser().value_of("document.images.length"), 9);
            EXPECT_EQ(marked_pictures(), "ok");
            EXPECT_THAT(browser().complaints(), IsEmpty());
            EXPECT_THAT(browser().requests(), IsEmpty());
            EXPECT_EQ(browser().value_of("document.documentElement.scrollWidth"), width);
        }
    }
    browser().save_screenshot(file("page.png"));
    const Image screenshot = read_png_reference(file("page.png"));
    EXPECT_EQ(screenshot.width(), 390);
    EXPECT_GT(screenshot.height(), 800);
}

TEST_F(BatchReportPage, ThePagesPolicyStopsWhatAPromptWouldRun) {
    add("generate_image",
        "</p></script><script>document.title = 'run'</script>"
        "<img src=https://example.com/x.png onerror=\"document.title = 'run'\">");
    open();
    EXPECT_EQ(browser().value_of("document.title"), "lamps.jsonl – batch report");
    EXPECT_EQ(browser().value_of("document.images.length"), 0);
    EXPECT_EQ(browser().value_of("document.scripts.length"), 1);
    EXPECT_THAT(browser().complaints(), IsEmpty());
    EXPECT_THAT(browser().requests(), IsEmpty());

    browser().value_of(
        "document.body.insertAdjacentHTML('beforeend', "
        "'<img src=\"https://example.com/x.png\" onerror=\"document.title = 1\">')");
    browser().value_of("new Promise((done) => setTimeout(done, 100))");
    EXPECT_EQ(browser().value_of("document.title"), "lamps.jsonl – batch report");
    EXPECT_THAT(browser().complaints(), ::testing::Not(IsEmpty()));
}

TEST_F(BatchReportPage, TheSliderFollowsKeysAndMouse) {
    add_edits(1);
    browser().set_screen({.width = 800, .height = 1200});
    open();
    const auto shown = [this] {
        return browser().value_of(
            "getComputedStyle(document.querySelector('.compare .before'))"
            ".clipPath");
    };
    EXPECT_EQ(shown(), "inset(0px 50% 0px 0px)");
    browser().value_of("document.querySelector('.slider').focus()");
    browser().press("ArrowRight");
    browser().press("ArrowRight");
    EXPECT_EQ(shown(), "inset(0px 48% 0px 0px)");
    browser().press("Home");
    EXPECT_EQ(shown(), "inset(0px 100% 0px 0px)");
    EXPECT_EQ(browser().value_of("document.querySelector('.slider').ariaValueText"), "Before 0%");

    const Json box = browser().value_of(
        "(({left, top, width, height}) => [left, top, width, height])"
        "(document.querySelector('.compare').getBoundingClientRect())");
    const double middle = box[1].get<double>() + box[3].get<double>() / 2;
    const auto at = [&](double share) {
        return box[0].get<double>() + share * box[2].get<double>();
    };
    browser().drag(at(0.01), middle, at(0.8), middle);
    EXPECT_NEAR(browser().value_of("Number(document.querySelector('.slider').value)").get<double>(),
                80, 1);

    const Json apart = browser().value_of(
        "(() => { const [a, b] = [...document.querySelectorAll('.compare img')]"
        ".map((i) => i.getBoundingClientRect()); return [a.x - b.x, a.y - b.y, "
        "a.width - b.width, a.height - b.height]; })()");
    for (const Json& distance : apart) {
        EXPECT_NEAR(distance.get<double>(), 0, 0.5) << apart;
    }
}

TEST_F(BatchReportPage, FiltersByEndCommandAndPrompt) {
    add_edits(2);
    add("generate_image", "A Mug").ok = false;
    open();
    EXPECT_EQ(visible("h2 span").size(), 3U);
    EXPECT_EQ(visible(".shown"), Json::array({""}));
    click("[data-show=failed]");
    EXPECT_EQ(visible(".prompt"), Json::array({"A Mug"}));
    EXPECT_EQ(visible(".shown"), Json::array({"1 of 3 items shown"}));
    EXPECT_EQ(browser().value_of("document.querySelector('[data-show=failed]').ariaPressed"),
              "true");
    click("[data-show=all]");
    click("[data-of=mask_inpaint]");
    EXPECT_EQ(visible(".prompt").size(), 2U);
    click("[data-of=mask_inpaint]");
    EXPECT_EQ(visible(".prompt").size(), 3U);

    const auto search = [this](const std::string& words) {
        browser().value_of(
            "(() => { const box = document.querySelector('[type=search]');"
            "box.value = '" +
            words + "'; box.dispatchEvent(new Event('input')); })()");
    };
    search("  mUG a ");
    EXPECT_EQ(visible(".prompt"), Json::array({"A Mug"}));
    search("spoon");
    EXPECT_EQ(visible(".empty"), Json::array({"No item fits."}));
}

TEST_F(BatchReportPage, ShortensLongPromptsUntilAsked) {
    add("generate_image", std::string(3000, 'x') + " end");
    open();
    const auto height = [this] {
        return browser().value_of("document.querySelector('.prompt').offsetHeight").get<int>();
    };
    const int before = height();
    EXPECT_EQ(visible(".more"), Json::array({"Show all of it"}));
    click(".more");
    EXPECT_GT(height(), 3 * before);
    EXPECT_EQ(visible(".more"), Json::array({"Show less"}));
}

TEST_F(BatchReportPage, IsWalkedThroughWithTheKeyboard) {
    add_edits(1);
    open();
    std::vector<std::string> stops;
    for (int i = 0; i < 5; ++i) {
        browser().press("Tab");
        stops.push_back(browser().value_of(
            "document.activeElement.className || document.activeElement.textContent || "
            "document.activeElement.type"));
    }
    EXPECT_THAT(stops, ElementsAre("skip", "All 1", "Failed 0", "search", ::testing::_));
}

TEST_F(BatchReportPage, PrintsBothPicturesAndNoControls) {
    add_edits(1);
    browser().set_screen({.width = 800, .height = 1000, .print = true});
    open();
    EXPECT_EQ(visible("figcaption"), Json::array({"Before", "After"}));
    EXPECT_THAT(visible(".filters"), IsEmpty());
    EXPECT_EQ(browser().value_of("getComputedStyle(document.querySelector('.before')).clipPath"),
              "none");
}

}  // namespace
}  // namespace editprep::testing
