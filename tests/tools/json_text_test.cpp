#include "tools/shared/json_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace editprep::tools {
namespace {

TEST(IsJson, TellsJsonFromOtherText) {
    for (const char* text : {"{}", " [1] ", "1.0", "\"a\"", "null", "\xEF\xBB\xBF{}"}) {
        EXPECT_TRUE(is_json(text)) << text;
    }
    for (const char* text : {"", "{", "[1,]", "{'a':1}", "NaN", "<html>", "\"\xff\"", "1 2"}) {
        EXPECT_FALSE(is_json(text)) << text;
    }
}

std::string reason_against(const std::string& text) {
    try {
        static_cast<void>(read_json(text));
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "read";
}

TEST(ReadJson, RefusesWhatIsTooDeepAndRepeatsNothing) {
    const auto nested = [](std::size_t levels) {
        return std::string(levels, '[') + std::string(levels, ']');
    };
    EXPECT_EQ(reason_against(nested(500)), "read");
    EXPECT_NE(reason_against(nested(501)).find("nested too deeply"), std::string::npos);
    EXPECT_NE(reason_against(nested(1'000'000)).find("nested too deeply"), std::string::npos);
    const std::string reason = reason_against(R"({"a":"payload)");
    EXPECT_NE(reason.find("column"), std::string::npos) << reason;
    EXPECT_EQ(reason.find("payload"), std::string::npos) << reason;
    EXPECT_EQ(reason_against("[1e999]"), "a number in it is too large");
}

TEST(IndentedJsonText, LaysOutAsTheOlderCommandsDid) {
    EXPECT_EQ(
        indented_json_text(R"({"a":[1,{"b":null}],"c":[],"d":{ }})"),
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": [],\n  \"d\": "
        "{}\n}");
    EXPECT_EQ(indented_json_text(" \"a\" \n"), "\"a\"");
    EXPECT_EQ(indented_json_text("\xEF\xBB\xBF[]"), "[]");
}

TEST(IndentedJsonText, KeepsNumbersDigitByDigit) {
    const char* numbers = "[\n  1.0,\n  123456789012345678901234567890,\n  -0,\n  1E40,\n  0.10\n]";
    EXPECT_EQ(indented_json_text("[1.0,123456789012345678901234567890, -0 ,1E40,0.10]"), numbers);
    EXPECT_EQ(indented_json_text(numbers), numbers);
}

TEST(IndentedJsonText, KeepsMembersThatOccurTwice) {
    EXPECT_EQ(indented_json_text(R"({"b":1,"a":2,"b":3})"),
              "{\n  \"b\": 1,\n  \"a\": 2,\n  \"b\": 3\n}");
}

TEST(IndentedJsonText, EscapesWhatIsBeyondAsciiOnDemand) {
    const char* json = R"(["é€😀\u00e9\/\"\\", "a\u007f"])";
    EXPECT_EQ(indented_json_text(json, NonAscii::escaped),
              "[\n  \"\\u00e9\\u20ac\\ud83d\\ude00\\u00e9/\\\"\\\\\",\n  \"a\\u007f\"\n]");
    EXPECT_EQ(indented_json_text(json), "[\n  \"é€😀é/\\\"\\\\\",\n  \"a\x7f\"\n]");
    EXPECT_EQ(indented_json_text(R"({"ключ":1})", NonAscii::escaped),
              "{\n  \"\\u043a\\u043b\\u044e\\u0447\": 1\n}");
}

TEST(IndentedJsonText, StaysSmallForDeepNesting) {
    const std::string deep = std::string(50'000, '[') + std::string(50'000, ']');
    EXPECT_LT(indented_json_text(deep).size(), 200'000U);
    EXPECT_TRUE(is_json(indented_json_text(deep)));
}

TEST(OneLineJsonText, SeparatesWithBlanks) {
    EXPECT_EQ(one_line_json_text("{\n\"a\" : [1.0,2],\n\"b\":{}}"), R"({"a": [1.0, 2], "b": {}})");
}

TEST(JsonText, RefusesOtherText) {
    EXPECT_THROW(static_cast<void>(indented_json_text("{")), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(one_line_json_text("")), std::invalid_argument);
}

TEST(JsonString, QuotesAndEscapes) {
    EXPECT_EQ(json_string("a\"b\n"), R"("a\"b\n")");
    EXPECT_EQ(json_string("\xff"), "\"\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace editprep::tools
