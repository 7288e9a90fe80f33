#include <gmock/gmock.h>

#include <map>
#include <string_view>

#include "command_fixture.hpp"

/// Help texts against the references beside this file, and against the parsers that they describe.
namespace editprep::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// The command whose default mode makes no judgement.
constexpr std::string_view kUnjudging = "prepare_object_mask";

struct HelpCase {
    const char* name;
    /// What makes a run of the command complete but for a picture that exists.
    Arguments base;

    friend void PrintTo(const HelpCase& given, std::ostream* out) { *out << given.name; }
};

const HelpCase kCases[] = {
    {"prepare_object_mask", {"--image", "none.png"}},
    {"mask_inpaint", {"--image", "none.png", "--prompt", "p"}},
    {"object_select_edit", {"--image", "none.png", "--prompt", "p"}},
    {"outpaint_image", {"--image", "none.png"}},
    {"fetch_generated_media", {"--response-text", "none", "--out-dir", "out"}},
    {"edit_image", {"--image", "none.png", "--prompt", "p"}},
    {"generate_image", {"--prompt", "p", "--config", "none.json"}},
    {"generate_video", {"--prompt", "p", "--config", "none.json"}},
    {"reference_media", {"--prompt", "p", "--config", "none.json"}},
    {"generate_batch_media", {"--manifest", "none.json"}},
    {"generate_consistent_media", {"--prompt", "p", "--config", "none.json"}},
};

std::string reference_for(const std::string& command) {
    const std::filesystem::path here = std::filesystem::path(__FILE__).parent_path();
    return content_of(here / "help" / (command + ".txt"));
}

struct Documented {
    std::string option;
    /// Empty for a switch.
    std::string placeholder;
};

std::vector<Documented> documented_options(const std::string& help) {
    static const std::regex kEntry(R"(^  (?:-h, )?(--[a-z0-9-]+)(?: (\S+))?(?:  .*)?$)");
    std::vector<Documented> options;
    for (const std::string& line : lines_of(help)) {
        std::smatch parts;
        if (std::regex_match(line, parts, kEntry)) {
            options.push_back({parts[1], parts[2]});
        }
    }
    return options;
}

std::string value_for(const std::string& placeholder) {
    static const std::map<std::string, std::string> kExamples{
        {"PX", "1"},      {"N", "1"},         {"KIND:A:B:C:D", "rect:0:0:1:1"},
        {"P", "0.5"},     {"X:Y", "50%:50%"}, {"X:Y:W:H", "0:0:1:1"},
        {"WxH", "64x48"}, {"I/N", "1/1"},     {"[PROVIDER=]N", "1"},
    };
    // The first of several choices; a file or a text is its own placeholder.
    const std::string first = placeholder.substr(0, placeholder.find('|'));
    const auto example = kExamples.find(first);
    return example == kExamples.end() ? first : example->second;
}

class HelpTest : public CommandTest, public ::testing::WithParamInterface<HelpCase> {};

TEST_P(HelpTest, EqualsItsReference) {
    for (const char* word : {"--help", "-h"}) {
        const ProcessResult result = run(GetParam().name, {word});
        expect_success(result);
        EXPECT_EQ(result.err, "");
        EXPECT_EQ(result.out, reference_for(GetParam().name));
    }
}

TEST_P(HelpTest, FitsAHundredColumns) {
    for (const std::string& line : lines_of(reference_for(GetParam().name))) {
        EXPECT_LE(line.size(), 100U) << line;
    }
}

TEST_P(HelpTest, EveryOptionInItIsAccepted) {
    const auto options = documented_options(reference_for(GetParam().name));
    EXPECT_GT(options.size(), 10U);
    for (const Documented& documented : options) {
        SCOPED_TRACE(documented.option + ' ' + documented.placeholder);
        Arguments arguments = GetParam().base;
        // Options that are given already, or in the place of which another one is tried.
        if (documented.option == arguments.front() || documented.option == "--response-file" ||
            documented.option == "--resume" || documented.option == "--merge") {
            arguments.erase(arguments.begin(), arguments.begin() + 2);
        }
        if (documented.option == "--min-confidence" && GetParam().name == kUnjudging) {
            arguments.insert(arguments.end(), {"--mode", "auto"});
        }
        arguments.push_back(documented.option);
        if (!documented.placeholder.empty()) {
            arguments.push_back(value_for(documented.placeholder));
        }
        const ProcessResult result = run(GetParam().name, arguments);
        const bool prints = documented.option == "--help" || documented.option == "--version";
        EXPECT_EQ(result.exit_code, prints ? 0 : 1) << result.err;
    }
}

TEST_P(HelpTest, VersionNamesTheCommand) {
    const ProcessResult result = run(GetParam().name, {"--version"});
    expect_success(result);
    expect_matches(result.out,
                   std::string(GetParam().name) + R"( \(editprep\) [0-9]+\.[0-9]+\.[0-9]+\n)");
}

#if defined(EDITPREP_STATIC_COMMANDS)
TEST_P(HelpTest, LoadsNoSharedRuntime) {
    ProcessOptions options;
    options.environment = {{"LD_DEBUG", "libs"}};
    const ProcessResult result = run(GetParam().name, {"--help"}, options);
    expect_success(result);
    EXPECT_THAT(result.err, AllOf(HasSubstr("libc.so"), Not(HasSubstr("libstdc++"))));
}
#endif

INSTANTIATE_TEST_SUITE_P(Commands, HelpTest, ::testing::ValuesIn(kCases), CaseName{});

TEST_F(CommandTest, TheSelfTestKnowsItsVersion) {
    const ProcessResult result = run("smoke_test", {"--version"});
    expect_success(result);
    expect_matches(result.out, "smoke_test \\(editprep\\) [0-9]+\\.[0-9]+\\.[0-9]+\n");
}

}  // namespace
}  // namespace editprep::testing
