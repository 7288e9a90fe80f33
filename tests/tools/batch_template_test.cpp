#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/generate_batch_media/template.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

using Json = nlohmann::ordered_json;

const Json kVariables{{"index", 1},      {"mode", "image"}, {"y", "why"},  {"yes", true},
                      {"none", nullptr}, {"minus", -5},     {"half", 0.5}, {"list", {"a", 1}},
                      {"größe", "L"},    {"again", "{y}"}};

std::string rendered(const std::string& text) { return render(text, kVariables); }

TEST(RenderTemplate, PutsVariablesIn) {
    EXPECT_EQ(rendered("x{index:03d}{{y}}{mode}{unknown}"), "x001{y}image{unknown}");
    EXPECT_EQ(rendered("{y}{y} {index}"), "whywhy 1");
    EXPECT_EQ(rendered("{größe}"), "L");
    EXPECT_EQ(rendered("{yes} {none} {half} {minus} {list}"), "True None 0.5 -5 [\"a\", 1]");
    EXPECT_EQ(rendered("{{{y}}}"), "{why}");
}

TEST(RenderTemplate, PadsIntegersAlone) {
    EXPECT_EQ(rendered("{index:05d} {minus:03d}"), "00001 -05");
    for (const char* text : {"{y:03d}", "{half:03d}", "{index:3d}", "{index:0d}", "{index:03}",
                             "{index:0999999999999d}", "{index:0100d}", "{index:03x}"}) {
        EXPECT_EQ(rendered(text), text);
    }
}

TEST(RenderTemplate, DoesNotLookAgainAtWhatItPutIn) { EXPECT_EQ(rendered("{again}"), "{y}"); }

TEST(RenderTemplate, LeavesOtherBracesAlone) {
    for (const char* text :
         {"", "no braces", R"(a {"k": 1} b)", "bad } brace", "bad { brace", "{} {0}", "{y.real}",
          "{y[0]}", "{ y }", "{y!r}", "{y", "y}", "{-}", R"({"a":{"b":{"c":{}}}})",
          R"([{"a":[{"b":[[]]}]}])", R"({"a":"}"})"}) {
        EXPECT_EQ(rendered(text), text);
    }
}

TEST(RenderTemplate, PutsVariablesIntoJson) {
    EXPECT_EQ(rendered(R"({"a": {"b": "{y}"}})"), R"({"a": {"b": "why"}})");
    // As people wrote it for the older command, which knew no other way.
    EXPECT_EQ(rendered(R"({{"a": {{"b": "{y}"}}}})"), R"({"a": {"b": "why"}})");
}

TEST(RenderTemplate, TakesTimeInProportionToTheText) {
    const auto start = std::chrono::steady_clock::now();
    for (const char* piece : {"{", "}", "{{", "{a", "{index:0", "{y}"}) {
        std::string text;
        while (text.size() < 2'000'000) {
            text += piece;
        }
        EXPECT_LE(rendered(text).size(), text.size() + text.size() / 3);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(UnknownNames, AreWhatNoVariableHas) {
    const Json item{{"prompt", "{colour} {y} {colour} {{no}} { no } {0} {y:03d} {size:02d}"},
                    {"deep", {{{"text", "{also}"}, {"vars", {{"y", "{no}"}}}}}}};
    EXPECT_EQ(unknown_names(item, kVariables),
              (std::vector<std::string>{"also", "colour", "size"}));
    EXPECT_TRUE(unknown_names("plain", kVariables).empty());
}

TEST(RenderAll, ReachesEveryTextAndNoKey) {
    const Json item{{"{y}", "{y}"},
                    {"deep", {{{"text", "{index}"}, {"vars", {{"y", "other"}}}}, 1, nullptr, true}},
                    {"vars", {{"y", "other"}}}};
    const Json expected{{"{y}", "why"}, {"deep", {{{"text", "1"}}, 1, nullptr, true}}};
    EXPECT_EQ(render_all(item, kVariables), expected);
}

}  // namespace
}  // namespace editprep::tools::generate_batch_media
