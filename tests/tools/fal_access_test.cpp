#include "tools/remote/fal_access.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "remote_support.hpp"
#include "temp_folder.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string refusal_of(const Environment& environment) {
    try {
        static_cast<void>(fal_endpoints(environment));
        return "accepted";
    } catch (const Failure& failure) {
        return failure.what();
    }
}

TEST(FalEndpoints, AreFalsOwnUnlessReplaced) {
    const auto endpoints = fal_endpoints(environment_of({}));
    EXPECT_EQ(endpoints.queue_url, "https://queue.fal.run");
    EXPECT_EQ(endpoints.run_url, "https://fal.run");
    EXPECT_TRUE(fal_trusted_hosts(environment_of({})).empty());
}

TEST(FalEndpoints, AreReplacedByVariables) {
    const Environment environment = environment_of({
        {"EDITPREP_FAL_QUEUE_URL", "http://127.0.0.1:8080/queue//"},
        {"EDITPREP_FAL_REST_URL", "https://proxy.example/rest"},
        {"EDITPREP_FAL_RUN_URL", "http://127.0.0.1:9090"},
    });
    const auto endpoints = fal_endpoints(environment);
    EXPECT_EQ(endpoints.queue_url, "http://127.0.0.1:8080/queue");
    EXPECT_EQ(endpoints.rest_url, "https://proxy.example/rest");
    EXPECT_EQ(endpoints.run_url, "http://127.0.0.1:9090");
    EXPECT_EQ(endpoints.api_url, "https://api.fal.ai/v1");
    EXPECT_THAT(fal_trusted_hosts(environment), ElementsAre("127.0.0.1", "proxy.example"));
}

TEST(FalEndpoints, RefuseWhatWouldLeakTheKey) {
    EXPECT_THAT(refusal_of(environment_of({{"EDITPREP_FAL_QUEUE_URL", "http://fal.example"}})),
                HasSubstr("EDITPREP_FAL_QUEUE_URL: the key would travel over plain http"));
    EXPECT_THAT(refusal_of(environment_of({{"EDITPREP_FAL_API_URL", "ftp://fal.example"}})),
                HasSubstr("EDITPREP_FAL_API_URL: "));
    EXPECT_THAT(refusal_of(environment_of({{"EDITPREP_FAL_RUN_URL", "https://a.example/?x=1"}})),
                HasSubstr("no query"));
    EXPECT_EQ(refusal_of(environment_of({{"EDITPREP_FAL_RUN_URL", "http://localhost:1"}})),
              "accepted");
}

TEST(RequireFalKey, GivesTheKeyAndSaysWhereItWasFound) {
    Printed printed;
    const Story story(printed.context().err, /*quiet=*/false);
    const auto key = require_fal_key({}, environment_of({{"FAL_KEY", "id:secret\n"}}), story);
    EXPECT_EQ(key.key.reveal(), "id:secret");
    EXPECT_EQ(key.found_in, "FAL_KEY");
    EXPECT_EQ(printed.err, "");
}

TEST(RequireFalKey, NamesTheWaysWhenThereIsNone) {
    const testing::TempFolder home;
    Printed printed;
    const Story story(printed.context().err, /*quiet=*/false);
    try {
        static_cast<void>(require_fal_key({}, environment_of({{"HOME", home.path()}}), story));
        FAIL() << "found one";
    } catch (const Failure& failure) {
        EXPECT_THAT(failure.what(), HasSubstr("FAL_KEY"));
        EXPECT_THAT(failure.what(), HasSubstr("TOOLS.md"));
        // The local provider makes no pictures and no videos from prompts.
        EXPECT_THAT(failure.what(), HasSubstr("; edits need none with --provider local"));
    }
}

TEST(LookForFalKey, WarnsOfAConfigurationThatCannotBeRead) {
    const testing::TempFolder home;
    std::ofstream(home / "broken.json") << "{";
    Printed printed;
    const Story story(printed.context().err, /*quiet=*/false);
    const auto key = look_for_fal_key(
        {}, environment_of({{"HOME", home.path()}, {"OPENCLAW_CONFIG", home / "broken.json"}}),
        story);
    EXPECT_TRUE(key.key.empty());
    EXPECT_THAT(printed.err, HasSubstr("WARN: "));
    EXPECT_THAT(printed.err, HasSubstr("broken.json"));
}

}  // namespace
}  // namespace editprep::tools
