#include "json5.hpp"

#include <gtest/gtest.h>

#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::ordered_json;

std::string refusal_of(std::string_view text, Json5Limits limits = {}) {
    try {
        const Json value = parse_json5(text, limits);
        ADD_FAILURE() << "was accepted: " << text.substr(0, 80) << " as " << value.dump();
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::invalid_json);
        return error.what();
    }
    return {};
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json5, ReadsJson) {
    for (const std::string_view text :
         {"null", "true", "0", "-1", "1.5e3", "18446744073709551615", "-9223372036854775807",
          R"("a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")", "[]", "{}", R"([1,[2,{"a":[]}],"x"])",
          R"({"b":1,"a":{"c":null}})", "  [ 1 ,\n\t2 ]\r\n"}) {
        EXPECT_EQ(parse_json5(text).dump(), Json::parse(text).dump()) << text;
    }
}

TEST(Json5, ReadsWhatPeopleWriteInConfigurations) {
    const Json value = parse_json5(R"(// a comment
{
  unquoted: 'single "quoted"', /* another
  comment */ $dollar_1: "it's",
  "quoted": [1, 2, 3,],
  fr\u00FCh: .5, half: 5., plus: +7, minus: -.25,
  hex: 0xDecaf, negative: -0x10,
  folded: 'one \
line', escapes: '\x41\v\0\q\'',
  emoji: "😀", Größe: 1e2,
})");
    EXPECT_EQ(value["unquoted"], "single \"quoted\"");
    EXPECT_EQ(value["$dollar_1"], "it's");
    EXPECT_EQ(value["quoted"], Json::array({1, 2, 3}));
    EXPECT_EQ(value["früh"], 0.5);
    EXPECT_EQ(value["half"], 5.0);
    EXPECT_EQ(value["plus"], 7);
    EXPECT_EQ(value["minus"], -0.25);
    EXPECT_EQ(value["hex"], 0xDECAF);
    EXPECT_EQ(value["negative"], -16);
    EXPECT_EQ(value["folded"], "one line");
    EXPECT_EQ(value["escapes"], std::string("A\v\0q'", 5));
    EXPECT_EQ(value["emoji"], "😀");
    EXPECT_EQ(value["Größe"], 100.0);
}

TEST(Json5, TakesAByteOrderMarkAndOddBlanks) {
    EXPECT_EQ(parse_json5("\xEF\xBB\xBF{\xC2\xA0 a\v:\f1}\xE2\x80\xA8").dump(), R"({"a":1})");
    EXPECT_EQ(parse_json5("// last line without an end\n1 // so here").dump(), "1");
    EXPECT_EQ(parse_json5("[1,//x\r2]").dump(), "[1,2]");
}

TEST(Json5, KeepsTheLastOfEqualNamesInTheFirstPlace) {
    EXPECT_EQ(parse_json5("{a: 1, b: 2, 'a': 3}").dump(), R"({"a":3,"b":2})");
}

TEST(Json5, KeepsIntegersAndFractionsApart) {
    EXPECT_TRUE(parse_json5("12").is_number_integer());
    EXPECT_TRUE(parse_json5("12.0").is_number_float());
    EXPECT_TRUE(parse_json5("99999999999999999999").is_number_float());
}

TEST(Json5, SaysWhatIsWrongAndWhere) {
    EXPECT_EQ(refusal_of(""), "expected a value, found the end of the text at line 1, column 1");
    EXPECT_EQ(refusal_of("{\n  a: }"), "expected a value, found '}' at line 2, column 6");
    EXPECT_EQ(refusal_of("{\"ä\" 1}"),
              "expected ':' behind the name \"ä\", found '1' at line 1, column 6");
    EXPECT_EQ(refusal_of("[1 2]"),
              "expected ',' or ']' in an array, found '2' at line 1, column 4");
    EXPECT_EQ(refusal_of("{a:1"),
              "expected ',' or '}' in an object, found end of text at line 1, column 5");
    EXPECT_EQ(refusal_of("{,}"), "expected the name of a member, found ',' at line 1, column 2");
    EXPECT_EQ(refusal_of("'abc"), "a string without an end at line 1, column 1");
    EXPECT_EQ(refusal_of("1 2"), "unexpected '2' behind the end of the value at line 1, column 3");
    EXPECT_EQ(refusal_of("[1, -Infinity]"),
              "Infinity, which JSON cannot hold, at line 1, column 5");
    EXPECT_EQ(refusal_of("/* x"), "a comment without an end at line 1, column 1");
    EXPECT_EQ(refusal_of("{a: tru}"), "expected a value, found tru at line 1, column 5");
}

TEST(Json5, RefusesWhatIsNone) {
    for (const std::string_view text : {"{",         "[",
                                        "[,]",       "[1,,2]",
                                        "{a}",       "{a:}",
                                        "{a:1 b:2}", "{1a:1}",
                                        "01",        "00",
                                        "1_000",     "+",
                                        "-",         ".",
                                        "0x",        "0xg",
                                        "1e",        "1e+",
                                        "1.2.3",     "--1",
                                        "1-2",       "1e999",
                                        "-1e999",    "0x10000000000000000",
                                        "NaN",       "+NaN",
                                        "-NaN",      "Infinity",
                                        "'a\nb'",    "\"a\rb\"",
                                        "'\\u12'",   "'\\ud800'",
                                        "'\\udc00'", "'\\ud800\\u0041'",
                                        "'\\x4'",    "'\\1'",
                                        "'\\01'",    "'\\",
                                        "tru",       "undefined",
                                        "nul",       "#",
                                        "[1]]",      "{\"a\":1}}",
                                        "/",         "/*",
                                        "\\u0041",   "{\\u0031a:1}"}) {
        EXPECT_FALSE(refusal_of(text).empty()) << text;
    }
    EXPECT_FALSE(refusal_of(std::string_view("\0", 1)).empty());
    EXPECT_FALSE(refusal_of(std::string_view("[1\0]", 4)).empty());
}

TEST(Json5, RefusesBytesThatAreNoUtf8) {
    for (const std::string_view text :
         {"'\x80'", "'\xC0\x80'", "'\xC3'", "'\xE0\x80\x80'", "'\xED\xA0\x80'",
          "'\xF4\x90\x80\x80'", "'\xFF'", "{\xFE: 1}"}) {
        EXPECT_NE(refusal_of(text).find("not UTF-8"), std::string::npos) << text;
    }
}

TEST(Json5, IsBounded) {
    EXPECT_NO_THROW(static_cast<void>(parse_json5(nested(64))));
    EXPECT_NE(refusal_of(nested(65)).find("more than 64 levels"), std::string::npos);
    EXPECT_NE(refusal_of(std::string(1'000'000, '[')).find("levels"), std::string::npos);
    EXPECT_NE(refusal_of(std::string(1'000'000, '{')).find("name"), std::string::npos);
    const Json5Limits small{.max_bytes = 8, .max_depth = 1};
    EXPECT_NO_THROW(static_cast<void>(parse_json5("[ 1, 2 ]", small)));
    EXPECT_NE(refusal_of("[ 1, 23 ]", small).find("more than 8 bytes"), std::string::npos);
}

/// Each name costs the same however many there were before it.
TEST(Json5, ReadsManyMembersInLinearTime) {
    std::string text = "{";
    for (int i = 0; i < 100'000; ++i) {
        text += "k" + std::to_string(i) + ":1,";
    }
    EXPECT_EQ(parse_json5(text + "}").size(), 100'000U);
}

}  // namespace
}  // namespace editprep::transport
