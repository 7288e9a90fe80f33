#include "tools/workflow/provider_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

using ::testing::HasSubstr;

Environment environment_with(std::optional<std::string> provider) {
    return [provider](const char* name) {
        return name == std::string(kProviderVariable) ? provider : std::nullopt;
    };
}

std::string refusal_of(const ProviderChoice& choice) {
    try {
        require_able_to_edit(choice, "--mask-only");
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.form(), Failure::Form::error_line);
        return failure.what();
    }
    return "accepted";
}

TEST(ChooseProvider, OptionComesBeforeTheEnvironment) {
    const ProviderChoice choice = choose_provider("fal", environment_with("local"));
    EXPECT_EQ(choice.name, "fal");
    EXPECT_FALSE(choice.is_local());
}

TEST(ChooseProvider, EmptyOptionCountsAsUnset) {
    EXPECT_TRUE(choose_provider("", environment_with("local")).is_local());
}

TEST(ChooseProvider, NothingNamedChoosesNothing) {
    const ProviderChoice choice = choose_provider("", environment_with(std::nullopt));
    EXPECT_EQ(choice.name, "");
    EXPECT_FALSE(choice.is_local());
}

TEST(RequireAbleToEdit, LocalCan) {
    EXPECT_EQ(refusal_of(choose_provider("local", environment_with(std::nullopt))), "accepted");
}

TEST(RequireAbleToEdit, OthersAreNamedWithTheWaysToGoOn) {
    const std::string reason = refusal_of(choose_provider("", environment_with("zeta")));
    EXPECT_THAT(reason, HasSubstr("'zeta'"));
    EXPECT_THAT(reason, HasSubstr("OPENCLAW_MEDIA_PROVIDER"));
    EXPECT_THAT(reason, HasSubstr("--provider local"));
    EXPECT_THAT(reason, HasSubstr("--mask-only"));
}

TEST(RequireAbleToEdit, NoneSaysThatNoneWasChosen) {
    const std::string reason = refusal_of({});
    EXPECT_THAT(reason, HasSubstr("no provider was chosen"));
    EXPECT_THAT(reason, HasSubstr("--provider local"));
    EXPECT_THAT(reason, HasSubstr("OPENCLAW_MEDIA_PROVIDER"));
}

}  // namespace
}  // namespace editprep::tools
