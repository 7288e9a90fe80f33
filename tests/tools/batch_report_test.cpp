#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "editprep/imaging/image_file.hpp"
#include "editprep/transport/data_uri.hpp"
#include "editprep/video/pattern_clip.hpp"
#include "editprep/video/probe.hpp"
#include "image_maker.hpp"
#include "temp_folder.hpp"
#include "tools/generate_batch_media/report.hpp"
#include "tools/generate_batch_media/report_text.hpp"
#include "tools/shared/failure.hpp"

/// The page that shows what a batch came to, as text; tests/cli/batch_report_test.cpp opens it.
namespace editprep::tools::generate_batch_media {
namespace {

using imaging::Channels;
using imaging::Color;
using imaging::Image;
using imaging::Size;
using ::testing::HasSubstr;
using ::testing::Not;

class BatchReport : public ::testing::Test {
protected:
    [[nodiscard]] std::string file(const std::string& name) const {
        return (folder_ / name).string();
    }

    /// A picture of that size in the folder; its path.
    std::string picture(const std::string& name, Size size,
                        Channels channels = Channels::rgb) const {
        const std::string path = file(name);
        imaging::write_image(path, editprep::testing::noise_image(size, channels),
                             imaging::Overwrite::always);
        return path;
    }

    [[nodiscard]] std::string page_of(const BatchSummary& summary,
                                      const std::string& name = "report.html") {
        write_report(file(name), summary,
                     Story([this](std::string_view text) { told_ += text; }, false));
        std::ostringstream content;
        content << std::ifstream(file(name), std::ios::binary).rdbuf();
        return content.str();
    }

    [[nodiscard]] const std::string& told() const { return told_; }

private:
    editprep::testing::TempFolder folder_;
    std::string told_;
};

ItemResult done(int index, const std::string& prompt) {
    ItemResult result;
    result.index = index;
    result.item = {{"prompt", prompt}};
    result.cmd = {"generate_image", "--prompt", prompt};
    result.ok = true;
    result.provider = "local";
    result.cost_usd = 0;
    return result;
}

ItemResult failed(int index, const std::string& reason) {
    ItemResult result = done(index, "p");
    result.ok = false;
    result.exit_code = 1;
    result.err = reason;
    result.cost_usd.reset();
    return result;
}

BatchSummary summary_of(std::vector<ItemResult> results) {
    BatchSummary summary;
    summary.manifest = "batches/lamps.jsonl";
    summary.count = static_cast<int>(results.size());
    summary.results = std::move(results);
    return summary;
}

/// What stands behind `attribute="`, each time.
std::vector<std::string> values_of(const std::string& page, const std::string& attribute) {
    const std::string beginning = ' ' + attribute + "=\"";
    std::vector<std::string> values;
    for (std::size_t at = page.find(beginning); at != std::string::npos;
         at = page.find(beginning, at)) {
        at += beginning.size();
        values.push_back(page.substr(at, page.find('"', at) - at));
    }
    return values;
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

/// Leaves an MP4's index, which lies in front or behind, as it is.
void overwrite_media(const std::string& path) {
    std::fstream stream(path, std::ios::binary | std::ios::in | std::ios::out);
    std::ostringstream text;
    text << stream.rdbuf();
    const std::string content = text.str();
    const std::size_t box = content.find("mdat");
    ASSERT_NE(box, std::string::npos);
    std::size_t size = 0;
    for (std::size_t i = box - 4; i < box; ++i) {
        size = size * 256 + static_cast<unsigned char>(content[i]);
    }
    ASSERT_GT(size, 8U);
    stream.seekp(static_cast<std::streamoff>(box + 4));
    stream << std::string(size - 8, '\xff');
}

TEST(HtmlText, HoldsNoMarkup) {
    EXPECT_EQ(html_text(R"(</script><b a="x" c='y'> & )"),
              "&lt;/script&gt;&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt; &amp; ");
}

TEST(HtmlText, ShowsControlCharactersAndBytesThatAreNoUtf8) {
    EXPECT_EQ(html_text(std::string("a\0b\x1b[31m\x7f\r\n\t", 12)),
              "a\u2400b\u241b[31m\u2421\u240d\n\t");
    EXPECT_EQ(html_text("\xff"), "\uFFFD");
    EXPECT_EQ(html_text("cut \xe2\x82"), "cut \uFFFD");
    EXPECT_EQ(html_text("\u0085 \u202e \u202d"), "\uFFFD \uFFFD \uFFFD");
    EXPECT_EQ(html_text("Lämpchen 灯 \u200f"), "Lämpchen 灯 \u200f");
}

TEST(RelativeLink, GoesFromThePageToTheFile) {
    EXPECT_EQ(relative_link("out/report.html", "out/a.png"), "a.png");
    EXPECT_EQ(relative_link("report.html", "tmp/images/a.png"), "tmp/images/a.png");
    EXPECT_EQ(relative_link("/r/x/report.html", "/r/y/./a.png"), "../y/a.png");
}

TEST(RelativeLink, EncodesWhatAnAddressWouldMisread) {
    EXPECT_EQ(relative_link("r.html", "a b#c?d%.png"), "a%20b%23c%3Fd%25.png");
    EXPECT_EQ(relative_link("r.html", "javascript:alert(1)"), "javascript%3Aalert%281%29");
    EXPECT_EQ(relative_link("r.html", "ä\xff\".png"), "%C3%A4%FF%22.png");
}

TEST(CostText, KeepsTheCentsAndWhatIsLess) {
    EXPECT_EQ(cost_text(std::nullopt), "no price known");
    EXPECT_EQ(cost_text(0), "free");
    EXPECT_EQ(cost_text(1.2), "$1.20");
    EXPECT_EQ(cost_text(0.0025), "$0.0025");
    EXPECT_EQ(cost_text(0.039), "$0.039");
    EXPECT_EQ(cost_text(1234), "$1234.00");
}

TEST(SecondsText, IsReadAtAGlance) {
    EXPECT_EQ(seconds_text(0.04), "0.0 s");
    EXPECT_EQ(seconds_text(9.44), "9.4 s");
    EXPECT_EQ(seconds_text(59.4), "59 s");
    EXPECT_EQ(seconds_text(59.6), "1 min 00 s");
    EXPECT_EQ(seconds_text(125), "2 min 05 s");
    EXPECT_EQ(seconds_text(3720), "1 h 02 min");
}

TEST(ShellQuoted, IsReadBackAsOneWord) {
    EXPECT_EQ(shell_quoted("--prompt"), "--prompt");
    EXPECT_EQ(shell_quoted(""), "''");
    EXPECT_EQ(shell_quoted("it's $HOME"), "'it'\\''s $HOME'");
}

TEST_F(BatchReport, TellsWhatTheBatchCameTo) {
    ItemResult reused = done(2, "two");
    reused.reused = true;
    reused.cost_usd = 0.04;
    BatchSummary summary = summary_of({done(1, "one"), reused, failed(3, "ERROR: no")});
    summary.count = 8;
    summary.shard = Shard{.number = 1, .count = 2};
    summary.stopped = "a failure";
    const std::string page = page_of(summary);
    EXPECT_THAT(page, HasSubstr("<h1>lamps.jsonl</h1>"));
    EXPECT_THAT(page, HasSubstr("batches/lamps.jsonl"));
    EXPECT_THAT(page, HasSubstr("Shard 1 of 2"));
    EXPECT_THAT(page, HasSubstr("<dt>Items</dt><dd>4</dd>"));
    EXPECT_THAT(page, HasSubstr("<dt>Done</dt><dd>2</dd><dd class=\"remark\">1 by an earlier run"));
    EXPECT_THAT(page, HasSubstr("<dt>Failed</dt><dd>1</dd>"));
    EXPECT_THAT(page,
                HasSubstr("<dt>Cost</dt><dd>$0.04</dd><dd class=\"remark\">1 without a price"));
    EXPECT_THAT(page, HasSubstr("1 item was not run: a failure"));
}

TEST_F(BatchReport, IsAPageWithoutItemsToo) {
    const std::string page = page_of(summary_of({}));
    EXPECT_THAT(page, HasSubstr("There are no items."));
    EXPECT_EQ(count_of(page, "<article"), 0U);
    EXPECT_EQ(told(), "");
}

TEST_F(BatchReport, ShowsWhyItemsFailed) {
    const std::string page = page_of(summary_of(
        {failed(1, "ERROR: the key is wrong"), failed(2, "ERROR: <b> & \xff\n  next line")}));
    EXPECT_EQ(values_of(page, "data-state"), (std::vector<std::string>{"failed", "failed"}));
    EXPECT_EQ(count_of(page, "<details class=\"log\" open=\"open\">"), 2U);
    EXPECT_THAT(page, HasSubstr("Error, exit code 1"));
    EXPECT_THAT(page, HasSubstr("ERROR: &lt;b&gt; &amp; \uFFFD\n  next line"));
    EXPECT_THAT(page, HasSubstr("Nothing was made"));
}

TEST_F(BatchReport, NothingOfAnItemIsMarkup) {
    const std::string evil = "</script></style><img src=x onerror=alert(1)>\" onclick='x' \x01\xff";
    ItemResult result = done(1, evil);
    result.item["mode"] = evil;
    result.cmd = {evil, evil};
    result.provider = evil;
    result.model = evil;
    result.err = evil;
    result.files = {evil};
    BatchSummary summary = summary_of({result});
    summary.manifest = evil;
    summary.stopped = evil;
    summary.count = 2;
    const std::string page = page_of(summary);
    EXPECT_EQ(count_of(page, "</script>"), 1U);
    EXPECT_EQ(count_of(page, "</style>"), 1U);
    EXPECT_EQ(count_of(page, "<img"), 0U);
    EXPECT_THAT(page, HasSubstr("alert(1)&gt;&quot; onclick=&#39;x&#39;"));
    EXPECT_THAT(page, Not(HasSubstr("alert(1)>")));
    EXPECT_THAT(page, Not(HasSubstr("\" onclick")));
    EXPECT_THAT(page, Not(HasSubstr("\x01")));
    EXPECT_THAT(page, Not(HasSubstr("\xff")));
}

TEST_F(BatchReport, AsksForNothingBesideItself) {
    ItemResult result = done(1, "see https://example.com/picture.png");
    result.item["image"] = "https://example.com/private.png?signature=abc";
    result.files = {picture("a.png", {64, 48})};
    const std::string page = page_of(summary_of({result}));
    for (const std::string& source : values_of(page, "src")) {
        EXPECT_TRUE(source.starts_with("data:image/webp;base64,")) << source.substr(0, 60);
    }
    for (const std::string& link : values_of(page, "href")) {
        EXPECT_TRUE(link == "#items" || link == "#item-1" || link == "a.png") << link;
    }
    EXPECT_THAT(page, Not(HasSubstr("url(")));
    EXPECT_THAT(page, Not(HasSubstr("@import")));
    EXPECT_THAT(page, Not(HasSubstr(" style=")));
    EXPECT_THAT(page, Not(HasSubstr("signature")));
    EXPECT_THAT(page, HasSubstr("default-src &#39;none&#39;; img-src data:; style-src "
                                "&#39;sha256-"));
}

TEST_F(BatchReport, PutsBeforeAndAfterOverEachOtherWhereTheyHaveOneShape) {
    ItemResult edited = done(1, "edited");
    edited.item["image"] = picture("before.png", {400, 300});
    edited.files = {picture("after.png", {800, 600})};
    ItemResult widened = done(2, "widened");
    widened.item["image"] = file("before.png");
    widened.files = {picture("wide.png", {600, 300})};
    const std::string page = page_of(summary_of({edited, widened}));
    EXPECT_EQ(count_of(page, "class=\"pair compare\""), 1U);
    EXPECT_EQ(count_of(page, "type=\"range\""), 1U);
    EXPECT_EQ(count_of(page, "class=\"pair stacked\""), 1U);
    EXPECT_EQ(values_of(page, "src").size(), 4U);
    EXPECT_THAT(page, HasSubstr("alt=\"Before: before.png\""));
    EXPECT_THAT(page, HasSubstr("alt=\"After: after.png\""));
    EXPECT_THAT(page, HasSubstr("800 × 600"));
    EXPECT_EQ(told(), "");
}

TEST_F(BatchReport, ShowsReferencesAndAllResults) {
    ItemResult result = done(1, "several");
    result.item["reference_images"] = {picture("reference.png", {30, 40}), "other.png"};
    result.files = {picture("one.png", {400, 300}), picture("two.png", {300, 400}),
                    picture("three.png", {20, 20})};
    const std::string page = page_of(summary_of({result}));
    EXPECT_EQ(values_of(page, "src").size(), 4U);
    EXPECT_THAT(page, HasSubstr("alt=\"Reference: reference.png\""));
    EXPECT_THAT(page, HasSubstr("Further results"));
    for (const char* name : {"one.png", "two.png", "three.png"}) {
        EXPECT_EQ(count_of(page, std::string("href=\"") + name), 2U) << name;
    }
}

TEST_F(BatchReport, ShowsWarningsAndWhatWouldFail) {
    ItemResult warned = done(1, "p");
    warned.warnings = {"'qualty' is left out", "another"};
    ItemResult wrong = done(2, "p");
    wrong.would_fail = "image not found: x.png";
    wrong.cost_usd.reset();
    BatchSummary summary = summary_of({warned, wrong});
    summary.dry_run = true;
    const std::string page = page_of(summary);
    EXPECT_THAT(page, HasSubstr("&#39;qualty&#39; is left out\nanother</pre>"));
    EXPECT_THAT(page, HasSubstr("<dt>Wrong</dt><dd>1</dd>"));
    EXPECT_THAT(page, HasSubstr("would fail</span>"));
    EXPECT_THAT(page, HasSubstr("image not found: x.png</pre>"));
    EXPECT_EQ(values_of(page, "data-state"), (std::vector<std::string>{"planned", "failed"}));
    EXPECT_THAT(page, Not(HasSubstr("no price known")));
    EXPECT_THAT(page, Not(HasSubstr("without a price")));
}

TEST_F(BatchReport, CallsNothingFreeThatFailed) {
    ItemResult refused = failed(1, "no");
    refused.cost_usd = 0;
    EXPECT_THAT(page_of(summary_of({refused})), Not(HasSubstr("<dd>free</dd>")));
}

TEST_F(BatchReport, SaysWhenAllWasDoneBefore) {
    ItemResult reused = done(1, "p");
    reused.reused = true;
    reused.cost_usd = 0.5;
    EXPECT_EQ(count_of(page_of(summary_of({reused})), "all by an earlier run"), 2U);
    EXPECT_EQ(count_of(page_of(summary_of({reused, done(2, "q")})), "all by an earlier run"), 0U);
}

TEST_F(BatchReport, ShowsTheFirstFrameOfAVideo) {
    video::set_module_folder(EDITPREP_MODULE_FOLDER);
    video::write_pattern_clip(
        file("clip.mp4"),
        {.size = {640, 360}, .frame_rate = {10, 1}, .duration = std::chrono::milliseconds(500)});
    ItemResult result = done(1, "p");
    result.cmd = {"generate_video"};
    result.files = {file("clip.mp4")};
    const std::string page = page_of(summary_of({result}));
    ASSERT_EQ(values_of(page, "src").size(), 1U);
    EXPECT_THAT(values_of(page, "src")[0], ::testing::StartsWith("data:image/webp;base64,"));
    EXPECT_THAT(page, HasSubstr("width=\"480\" height=\"270\""));
    EXPECT_THAT(page, HasSubstr("alt=\"Result: clip.mp4, first frame\""));
    EXPECT_EQ(count_of(page, "class=\"clip\""), 1U);
    EXPECT_THAT(page, HasSubstr("640 × 360 · 0.5 s · 10 fps"));
    EXPECT_EQ(told(), "");
}

TEST_F(BatchReport, TellsOfAVideoWithoutAFrameThatDecodes) {
    video::set_module_folder(EDITPREP_MODULE_FOLDER);
    video::write_pattern_clip(file("clip.mp4"), {.size = {64, 48},
                                                 .frame_rate = {10, 1},
                                                 .duration = std::chrono::milliseconds(500),
                                                 .with_audio = false});
    overwrite_media(file("clip.mp4"));
    ItemResult result = done(1, "p");
    result.cmd = {"generate_video"};
    result.files = {file("clip.mp4")};
    const std::string page = page_of(summary_of({result}));
    EXPECT_EQ(values_of(page, "src").size(), 0U);
    EXPECT_THAT(page, HasSubstr("64 × 48 · 0.5 s · 10 fps · silent"));
    EXPECT_EQ(count_of(page, "class=\"problem\""), 0U);
    EXPECT_EQ(told(), "");
}

TEST_F(BatchReport, APictureThatBeginsAVideoIsItsSource) {
    ItemResult result = done(1, "p");
    result.item["image"] = picture("first.png", {40, 30});
    result.cmd = {"generate_video"};
    result.files = {file("gone.mp4")};
    EXPECT_THAT(page_of(summary_of({result})), HasSubstr("alt=\"Source: first.png\""));
}

TEST_F(BatchReport, TellsWhatCannotBeShown) {
    ItemResult missing = done(1, "missing");
    missing.files = {file("gone.png")};
    ItemResult damaged = done(2, "damaged");
    damaged.files = {file("damaged.png")};
    std::ofstream(file("damaged.png")) << "no picture";
    ItemResult folder = done(3, "folder");
    folder.files = {file("folder")};
    std::filesystem::create_directory(file("folder"));
    const std::string page = page_of(summary_of({missing, damaged, folder}));
    EXPECT_EQ(values_of(page, "src").size(), 0U);
    EXPECT_EQ(count_of(page, "class=\"problem\""), 3U);
    EXPECT_THAT(page, HasSubstr("the file is not there"));
    EXPECT_THAT(told(), HasSubstr("item 1: gone.png: the file is not there"));
    EXPECT_THAT(told(), HasSubstr("item 2: damaged.png: "));
    EXPECT_THAT(told(), HasSubstr("item 3: folder: the file cannot be read"));
}

TEST_F(BatchReport, DoesNotTellOfHundredsOfFilesOneByOne) {
    std::vector<ItemResult> results;
    for (int index = 1; index <= 200; ++index) {
        results.push_back(done(index, "p"));
        results.back().files = {file("gone.png")};
    }
    const std::string page = page_of(summary_of(std::move(results)));
    EXPECT_EQ(count_of(page, "<article"), 200U);
    EXPECT_EQ(count_of(told(), "\n"), 6U);
    EXPECT_THAT(told(), HasSubstr("nor 195 other files"));
}

TEST_F(BatchReport, LinksToNamesOfAllKinds) {
    ItemResult result = done(1, "names");
    result.files = {picture("Lämpchen 灯 #1 100%.png", {40, 30})};
    const std::string page = page_of(summary_of({result}), "Bericht für heute.html");
    EXPECT_THAT(values_of(page, "href"),
                ::testing::Contains("L%C3%A4mpchen%20%E7%81%AF%20%231%20100%25.png"));
    EXPECT_THAT(page, HasSubstr("alt=\"Result: Lämpchen 灯 #1 100%.png\""));
}

TEST_F(BatchReport, ShowsAPictureInsideTheManifestAndNotItsText) {
    const Image image = editprep::testing::noise_image({400, 300}, Channels::rgb);
    const std::string payload = transport::to_data_uri(
        imaging::encode_image(image, imaging::ImageFormat::png), "image/png");
    ItemResult result = done(1, "p");
    result.item["image"] = payload;
    result.cmd = {"edit_image", "--image", payload};
    result.err = "WARN: " + payload + " is long";
    result.files = {picture("after.png", {400, 300})};
    const std::string page = page_of(summary_of({result}));
    EXPECT_EQ(values_of(page, "src").size(), 2U);
    EXPECT_EQ(count_of(page, "class=\"pair compare\""), 1U);
    EXPECT_THAT(page, Not(HasSubstr(payload.substr(0, 100))));
    EXPECT_THAT(page, Not(HasSubstr(payload.substr(1000, 100))));
    EXPECT_THAT(page, HasSubstr("edit_image --image"));
}

TEST_F(BatchReport, TellsOfADataUriThatHoldsNoPicture) {
    ItemResult result = done(1, "p");
    result.item["image"] = "data:image/png;base64," + std::string(4000, 'Q');
    const std::string page = page_of(summary_of({result}));
    EXPECT_THAT(page, Not(HasSubstr(std::string(100, 'Q'))));
    EXPECT_THAT(told(), HasSubstr("item 1: the picture in the manifest: "));
}

TEST_F(BatchReport, KeepsTransparency) {
    ItemResult result = done(1, "p");
    result.files = {picture("clear.png", {64, 48}, Channels::rgba)};
    EXPECT_EQ(count_of(page_of(summary_of({result})), "class=\"transparent\""), 1U);
    imaging::write_image(file("clear.png"),
                         imaging::solid_image({64, 48}, Channels::rgba, Color{1, 2, 3, 255}),
                         imaging::Overwrite::always);
    EXPECT_EQ(count_of(page_of(summary_of({result})), "class=\"transparent\""), 0U);
}

TEST_F(BatchReport, HidesKeys) {
    ItemResult result = failed(1, "ERROR: Authorization: Bearer abcdefghijklmnop1234567890");
    const std::string page = page_of(summary_of({result}));
    EXPECT_THAT(page, Not(HasSubstr("abcdefghijklmnop1234567890")));
    EXPECT_THAT(page, HasSubstr("***"));
}

TEST_F(BatchReport, ShowsPromptsWithoutKeysAndPayloadsAndWithinBounds) {
    const std::string payload = "data:image/png;base64," + std::string(4000, 'Q');
    ItemResult secret = done(1, "Bearer abcdefghijklmnop1234567890 and " + payload);
    std::string words;
    for (int i = 0; i < 20'000; ++i) {
        words += "größe ";
    }
    const std::string page = page_of(summary_of({secret, done(2, words)}));
    EXPECT_THAT(page, Not(HasSubstr("abcdefghijklmnop1234567890")));
    EXPECT_THAT(page, Not(HasSubstr(std::string(100, 'Q'))));
    EXPECT_THAT(page, HasSubstr(" bytes more)"));
    // Once as the prompt, once in the command line.
    EXPECT_LT(count_of(page, "größe"), 6'000U);
}

TEST_F(BatchReport, CountsTheItemsOfAHugeManifestAtOnce) {
    BatchSummary summary = summary_of({done(2, "p")});
    summary.count = 2'147'483'647;
    summary.shard = Shard{2, 2};
    EXPECT_THAT(page_of(summary), HasSubstr("<dd>1073741823</dd>"));
}

TEST_F(BatchReport, SaysThatADryRunMadeNothing) {
    ItemResult result = done(1, "p");
    result.cost_usd = 0.35;
    BatchSummary summary = summary_of({result});
    summary.dry_run = true;
    const std::string page = page_of(summary);
    EXPECT_THAT(page, HasSubstr("A dry run"));
    EXPECT_THAT(page, HasSubstr("<dt>Would cost</dt><dd>$0.35</dd>"));
    EXPECT_THAT(page, HasSubstr("data-state=\"planned\""));
}

TEST_F(BatchReport, IsTheSamePageForTheSameBatch) {
    std::vector<ItemResult> results;
    for (int index = 1; index <= 20; ++index) {
        results.push_back(done(index, "p" + std::to_string(index)));
        results.back().files = {picture("p" + std::to_string(index) + ".png", {64, 48})};
    }
    const BatchSummary summary = summary_of(std::move(results));
    EXPECT_EQ(page_of(summary), page_of(summary));
}

TEST_F(BatchReport, ReplacesAReportAndNothingElse) {
    (void)page_of(summary_of({done(1, "first")}));
    EXPECT_THAT(page_of(summary_of({done(1, "second")})), HasSubstr("second"));
    std::ofstream(file("manifest.jsonl")) << "{}";
    EXPECT_THROW(check_report_path(file("manifest.jsonl")), Failure);
    EXPECT_THROW((void)page_of(summary_of({}), "manifest.jsonl"), Failure);
    std::ofstream(file("empty.html")).flush();
    EXPECT_NO_THROW(check_report_path(file("empty.html")));
    EXPECT_NO_THROW(check_report_path(file("new/report.html")));
}

TEST_F(BatchReport, FailsWhereItCannotBeWritten) {
    std::filesystem::create_directory(file("taken"));
    EXPECT_THROW((void)page_of(summary_of({}), "taken"), Failure);
    std::ofstream(file("plain")) << "x";
    EXPECT_THROW((void)page_of(summary_of({}), "plain/report.html"), Failure);
}

}  // namespace
}  // namespace editprep::tools::generate_batch_media
