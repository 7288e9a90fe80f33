#include "tools/shared/arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "parse_support.hpp"
#include "tools/shared/command_line.hpp"
#include "tools/shared/display_path.hpp"
#include "tools/shared/failure.hpp"
#include "tools/shared/json_text.hpp"
#include "tools/shared/new_file.hpp"
#include "tools/shared/number_text.hpp"
#include "tools/shared/story.hpp"

namespace editprep::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using Strings = std::vector<std::string>;

const std::vector<KnownOption> kOptions{
    {.name = "--mask", .takes_value = true},
    {.name = "--mask-only"},
    {.name = "--prompt", .takes_value = true},
    {.name = "--provider", .takes_value = true},
    {.name = "--preview", .takes_value = true, .addition = true},
    {.name = "--x", .takes_value = true},
    {.name = "--x2", .takes_value = true},
    {.name = "--fill", .takes_value = true, .addition = true},
    {.name = "--help", .ends_parsing = true},
};

/// `name=value` for each option.
Strings expanded(const Strings& words) {
    Strings texts;
    for (const GivenOption& option : expand_arguments(words, kOptions)) {
        texts.push_back(option.name + '=' + option.value);
    }
    return texts;
}

std::string reason_for(const Strings& words) {
    try {
        expanded(words);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(ExpandArguments, BothFormsOfAValueMeanTheSame) {
    EXPECT_EQ(expanded({"--prompt", "a b"}), Strings{"--prompt=a b"});
    EXPECT_EQ(expanded({"--prompt=a b"}), Strings{"--prompt=a b"});
    EXPECT_EQ(expanded({"--prompt=a=b"}), Strings{"--prompt=a=b"});
    EXPECT_EQ(expanded({"--prompt="}), Strings{"--prompt="});
    EXPECT_EQ(expanded({"--prompt", ""}), Strings{"--prompt="});
}

/// `name=value` for each word, with plain ones in angle brackets.
Strings expanded_with_plain_words(const Strings& words) {
    Strings texts;
    for (const GivenOption& word : expand_arguments(words, kOptions, PlainWords::accepted)) {
        texts.push_back(word.name.empty() ? '<' + word.value + '>' : word.name + '=' + word.value);
    }
    return texts;
}

TEST(ExpandArguments, PlainWordsStandAnywhereWhereTheyAreAccepted) {
    EXPECT_EQ(expanded_with_plain_words({"model", "--prompt", "p", "{}", "--mask-only", "-"}),
              (Strings{"<model>", "--prompt=p", "<{}>", "--mask-only=", "<->"}));
    EXPECT_EQ(expanded_with_plain_words({"-5", "--", "--prompt", "-h"}),
              (Strings{"<-5>", "<--prompt>", "<-h>"}));
    EXPECT_EQ(reason_for({"model"}), "unrecognized argument: model");
}

TEST(CommandLine, HandsPlainWordsToItsPositionals) {
    std::optional<std::string> first;
    std::vector<std::string> rest;
    CommandLine line("name", "Purpose.");
    line.positional("FIRST", first, "The first");
    line.positionals("MORE", rest, "Others");
    EXPECT_EQ(line.usage(), "usage: name FIRST [MORE...] [options]\n");
    line.parse(Strings{"a", "b", "c"});
    EXPECT_EQ(first, "a");
    EXPECT_EQ(rest, (std::vector<std::string>{"b", "c"}));
}

TEST(CommandLine, RefusesMorePlainWordsThanItHasPositionals) {
    std::optional<std::string> only;
    CommandLine line("name", "Purpose.");
    line.positional("ONLY", only, "The only one");
    EXPECT_THROW(line.parse(Strings{"a", "b"}), UsageError);
}

TEST(ExpandArguments, UnambiguousPrefixesAreSpelledOut) {
    EXPECT_EQ(expanded({"--prom", "a"}), Strings{"--prompt=a"});
    EXPECT_EQ(expanded({"--prov=a"}), Strings{"--provider=a"});
    EXPECT_EQ(expanded({"--mask-"}), Strings{"--mask-only="});
    EXPECT_EQ(expanded({"--f", "white"}), Strings{"--fill=white"});
}

TEST(ExpandArguments, ExactNameWinsOverLongerOnes) {
    EXPECT_EQ(expanded({"--x", "1"}), Strings{"--x=1"});
    EXPECT_EQ(expanded({"--mask", "m.png"}), Strings{"--mask=m.png"});
}

TEST(ExpandArguments, AmbiguousPrefixIsRefused) {
    EXPECT_EQ(reason_for({"--ma", "x"}), "ambiguous option: --ma could match --mask, --mask-only");
    EXPECT_THAT(reason_for({"--pr", "x"}), HasSubstr("--prompt, --provider"));
}

TEST(ExpandArguments, AdditionsGiveWayToTheOptionsThatWereThereBefore) {
    const std::vector<KnownOption> options{
        {.name = "--prefix", .takes_value = true},
        {.name = "--preview", .takes_value = true, .addition = true}};
    EXPECT_EQ(expand_arguments(Strings{"--pre=a"}, options).at(0).name, "--prefix");
    EXPECT_EQ(expand_arguments(Strings{"--prev=a"}, options).at(0).name, "--preview");
}

TEST(ExpandArguments, ValuesMayBeginWithADash) {
    EXPECT_EQ(expanded({"--x", "-10"}), Strings{"--x=-10"});
    EXPECT_EQ(expanded({"--prompt", "-x"}), Strings{"--prompt=-x"});
    EXPECT_EQ(expanded({"--prompt", "--no idea"}), Strings{"--prompt=--no idea"});
}

TEST(ExpandArguments, AnOptionsNameIsNotTakenForAValue) {
    EXPECT_EQ(reason_for({"--prompt", "--mask-only"}), "argument --prompt: expected one argument");
    EXPECT_EQ(reason_for({"--prompt", "--x=1"}), "argument --prompt: expected one argument");
    EXPECT_EQ(reason_for({"--prompt"}), "argument --prompt: expected one argument");
}

TEST(ExpandArguments, SwitchesTakeNoValue) {
    EXPECT_EQ(reason_for({"--mask-only=yes"}), "argument --mask-only: takes no value, got 'yes'");
}

TEST(ExpandArguments, EverythingElseIsRefused) {
    for (const char* word : {"file.png", "--nope", "-x", "--", "", "-", "x=1"}) {
        EXPECT_THAT(reason_for({word}), HasSubstr("unrecognized argument: ")) << word;
    }
}

TEST(ExpandArguments, HelpEndsTheList) {
    EXPECT_EQ(expanded({"-h"}), Strings{"--help="});
    EXPECT_EQ(expanded({"--he", "--nope"}), Strings{"--help="});
    EXPECT_EQ(expanded({"--x", "1", "--help", "rest"}), (Strings{"--x=1", "--help="}));
}

TEST(ParseInteger, TakesSignDigitsAndBlanksOnly) {
    EXPECT_EQ(parse_integer("40"), 40);
    EXPECT_EQ(parse_integer(" +7\t"), 7);
    EXPECT_EQ(parse_integer("-010"), -10);
    EXPECT_EQ(parse_integer("99999999999999999999"), INT64_MAX);
    EXPECT_EQ(parse_integer("-99999999999999999999"), INT64_MIN);
    for (const char* text : {"", " ", "+", "-", "0x10", "4.0", "1e3", "+-1", "--1", "1 2", "a"}) {
        EXPECT_EQ(parse_integer(text), std::nullopt) << text;
    }
}

TEST(ParseNumber, TakesDecimalAndExponentForms) {
    EXPECT_EQ(parse_number("3.7"), 3.7);
    EXPECT_EQ(parse_number(" +.5 "), 0.5);
    EXPECT_EQ(parse_number("-1e2"), -100.0);
    EXPECT_EQ(parse_number("4."), 4.0);
    for (const char* text :
         {"", "nan", "inf", "-infinity", "0x1p3", "1e999", "4,5", "4px", "+-1"}) {
        EXPECT_EQ(parse_number(text), std::nullopt) << text;
    }
}

struct Values {
    std::string text = "default";
    std::optional<std::string> file;
    std::vector<std::string> list;
    int integer = 3;
    double number = 0.5;
    bool flag = false;
};

Values parsed(const Strings& words) {
    Values values;
    CommandLine line("sample", "A sample.");
    line.text("--text", values.text, {.help = "A text", .placeholder = "TEXT"});
    line.file("--file", values.file, {.help = "A file", .placeholder = "FILE"});
    line.texts("--list", values.list, {.help = "Texts", .placeholder = "TEXT"});
    line.integer("--integer", values.integer, {.help = "A number", .placeholder = "N"});
    line.number("--number", values.number, {.help = "A number", .placeholder = "X"});
    line.flag("--flag", values.flag, {.help = "A switch"});
    line.parse(words);
    return values;
}

TEST(CommandLine, LastRepetitionWinsAndListsCollect) {
    const Values values =
        parsed({"--text", "a", "--list", "1", "--text", "b", "--list", "[2,3]", "--list", "{}"});
    EXPECT_EQ(values.text, "b");
    EXPECT_EQ(values.list, (Strings{"1", "[2,3]", "{}"}));
}

TEST(CommandLine, TextsArriveUnchanged) {
    for (const char* text : {"", " ", "{}", "[]", "[a,b]", "a,b", "--", "-1", "%%", "\"q\""}) {
        EXPECT_EQ(parsed({"--text", text}).text, text);
        EXPECT_EQ(parsed({std::string("--text=") + text}).text, text);
    }
}

TEST(CommandLine, EveryValueIsCheckedAlsoOneThatIsReplaced) {
    EXPECT_THROW(parsed({"--integer", "4.5", "--integer", "4"}), UsageError);
}

TEST(CommandLine, EveryIntIsTakenAndNothingBeyond) {
    EXPECT_EQ(parsed({"--integer", "2147483647"}).integer, 2147483647);
    EXPECT_EQ(parsed({"--integer=-2147483648"}).integer, -2147483647 - 1);
    for (const char* text : {"2147483648", "-2147483649", "99999999999999999999"}) {
        const auto reason = refusal([](const Words& words) { return parsed(words); },
                                    {std::string("--integer=") + text});
        EXPECT_EQ(reason, std::string("argument --integer: number too large: '") + text + "'");
    }
}

TEST(CommandLine, EmptyFileNameCountsAsNotGiven) {
    EXPECT_EQ(parsed({"--file", "a.png"}).file, "a.png");
    EXPECT_EQ(parsed({"--file="}).file, std::nullopt);
    EXPECT_EQ(parsed({"--file", "a.png", "--file", ""}).file, std::nullopt);
}

TEST(CommandLine, UsageErrorIsOneLineWhateverWasGiven) {
    try {
        parsed({"--number", "1\n2\x1b[0m"});
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_THAT(error.text(), HasSubstr("invalid float value: '1\\n2\\x1b[0m'\n"));
    }
}

TEST(CommandLine, UsageErrorCarriesUsageAndReason) {
    try {
        parsed({"--number", "nan"});
        FAIL();
    } catch (const UsageError& error) {
        EXPECT_EQ(error.text(),
                  "usage: sample [options]\n"
                  "All options: sample --help\n"
                  "sample: error: argument --number: invalid float value: 'nan'\n");
    }
}

TEST(CommandLine, HelpShowsDefaults) {
    try {
        parsed({"--help"});
        FAIL();
    } catch (const InfoRequest& request) {
        EXPECT_THAT(request.text, HasSubstr("--text TEXT"));
        EXPECT_THAT(request.text, HasSubstr("A text (default: default)"));
        EXPECT_THAT(request.text, HasSubstr("A number (default: 0.5)"));
        EXPECT_THAT(request.text, HasSubstr("-h, --help"));
    }
}

TEST(DisplayPath, CleansNothingButDotsAndSlashes) {
    EXPECT_EQ(display_path("./tmp/images/"), "tmp/images");
    EXPECT_EQ(display_path("a/./b//c"), "a/b/c");
    EXPECT_EQ(display_path("../a/../b"), "../a/../b");
    EXPECT_EQ(display_path("/"), "/");
    EXPECT_EQ(display_path("//a/"), "/a");
    EXPECT_EQ(display_path(""), ".");
    EXPECT_EQ(display_path("./"), ".");
    EXPECT_EQ(display_path("..."), "...");
}

TEST(JoinPath, PutsAFileIntoAFolder) {
    EXPECT_EQ(join_path("./tmp/", "a.png"), "tmp/a.png");
    EXPECT_EQ(join_path("", "a.png"), "a.png");
    EXPECT_EQ(join_path("/", "a.png"), "/a.png");
}

TEST(CheckPrefix, RefusesWhatWouldLeaveTheFolder) {
    for (const char* prefix : {"../x", "a/b", "/", ".", "..", "a\nb", "a\x7f"}) {
        EXPECT_THROW(check_prefix(prefix), Failure) << prefix;
    }
    for (const char* prefix : {"", "a", "...", "a b", ".hidden", "\xc3\xa4"}) {
        EXPECT_NO_THROW(check_prefix(prefix)) << prefix;
    }
}

TEST(NewFilePath, EndsInEightRandomDigits) {
    const std::string first = new_file_path("./d/", "p_mask", ".png");
    EXPECT_THAT(first, MatchesRegex("d/p_mask_[0-9a-f]{8}\\.png"));
    EXPECT_NE(first, new_file_path("./d/", "p_mask", ".png"));
}

TEST(OneLine, EscapesControlCharacters) {
    EXPECT_EQ(one_line("a\nb\tc\x1b[0m\x7f"), "a\\nb\\tc\\x1b[0m\\x7f");
    EXPECT_EQ(one_line("\xc3\xa4"), "\xc3\xa4");
}

TEST(OneLineJson, HasBlanksAfterCommasAndColons) {
    const auto json = nlohmann::ordered_json::parse(
        R"({"z":[1,2.5,[]],"a":{"k":null,"e":{}},"t":"a, b: \u00e4\n","f":true})");
    EXPECT_EQ(one_line_json(json),
              "{\"z\": [1, 2.5, []], \"a\": {\"k\": null, \"e\": {}}, "
              "\"t\": \"a, b: \xc3\xa4\\n\", \"f\": true}");
}

TEST(IndentedJson, ReplacesWhatIsNoUtf8) {
    const nlohmann::ordered_json json{{"path", "a\xff.png"}};
    EXPECT_EQ(indented_json(json), "{\n  \"path\": \"a\xef\xbf\xbd.png\"\n}");
}

}  // namespace
}  // namespace editprep::tools
