#include "tools/workflow/provider_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "editprep/transport/error.hpp"
#include "temp_folder.hpp"
#include "tools/remote/key_guard.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools {
namespace {

using ::testing::HasSubstr;

Environment environment_with(std::optional<std::string> provider) {
    return [provider](const char* name) {
        return name == std::string(kProviderVariable) ? provider : std::nullopt;
    };
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

class FindProvider : public ::testing::Test {
protected:
    FindProvider() { variables_["HOME"] = home_.path().string(); }

    void write_config(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((home_ / name).parent_path());
        std::ofstream(home_ / name) << text;
    }

    [[nodiscard]] RemoteProvider find(const std::string& name, const std::string& config = {}) {
        return find_provider({name, "--provider"}, config, environment(), story_, use_);
    }

    /// The error's message and its further lines.
    [[nodiscard]] std::string refusal(const std::string& name, const std::string& config = {}) {
        try {
            static_cast<void>(find(name, config));
        } catch (const transport::Error& error) {
            return std::string(error.what()) + '\n' + error.next_step();
        } catch (const Failure& failure) {
            return failure.what();
        }
        return "found";
    }

    [[nodiscard]] std::string path(const std::string& name) const {
        return (home_ / name).string();
    }

    [[nodiscard]] Environment environment() {
        return [this](const char* name) -> std::optional<std::string> {
            const auto found = variables_.find(name);
            return found == variables_.end() ? std::nullopt : std::optional(found->second);
        };
    }

    std::map<std::string, std::string> variables_;
    ProviderUse use_{.local_counts = true};

private:
    testing::TempFolder home_;
    Story story_{[](std::string_view) {}, true};
};

constexpr const char* kTwoProviders =
    R"({models: {providers: {zeta: {baseUrl: "https://z/v1", apiKey: "kz"},
                             alpha: {baseUrl: "https://a/v1/", apiKey: "ka"}}}})";
constexpr const char* kDefaultPath = ".openclaw/openclaw.json";

TEST_F(FindProvider, FirstByNameOfTheDefaultFile) {
    write_config(kDefaultPath, kTwoProviders);
    const RemoteProvider provider = find("");
    EXPECT_FALSE(provider.is_fal());
    EXPECT_EQ(provider.name, "alpha");
    EXPECT_EQ(provider.entry.base_url, "https://a/v1");
    EXPECT_EQ(provider.key().reveal(), "ka");
    EXPECT_EQ(find("zeta").key().reveal(), "kz");
}

TEST_F(FindProvider, OptionThenVariableNameTheFile) {
    write_config("one.json", kTwoProviders);
    write_config("two.json",
                 R"({models: {providers: {other: {baseUrl: "https://o", apiKey: "ko"}}}})");
    variables_["OPENCLAW_CONFIG"] = path("two.json");
    EXPECT_EQ(find("").name, "other");
    EXPECT_EQ(find("", path("one.json")).name, "alpha");
}

TEST_F(FindProvider, KeysAreHiddenFromThenOn) {
    write_config(kDefaultPath, R"({models: {providers: {
        words: {baseUrl: "https://w/v1", apiKey: "canary-of-an-entry"},
        "lm-studio": {baseUrl: "https://l/v1", apiKey: "lm-studio"}}}})");
    static_cast<void>(find("words"));
    static_cast<void>(find("lm-studio"));
    // A word that stands for no key is often the server's own name.
    EXPECT_EQ(process_keys().without_keys("lm-studio says canary-of-an-entry"),
              "lm-studio says ***");
}

TEST_F(FindProvider, FalIsReservedAndNeedsAKey) {
    write_config(kDefaultPath, kTwoProviders);
    EXPECT_THAT(refusal("fal"), HasSubstr("FAL_KEY"));
    variables_["FAL_KEY"] = "id:secret";
    const RemoteProvider provider = find("fal");
    EXPECT_TRUE(provider.is_fal());
    EXPECT_EQ(provider.name, "fal");
    EXPECT_EQ(provider.key().reveal(), "id:secret");
    // An entry comes first as long as nobody names fal.
    EXPECT_EQ(find("").name, "alpha");
}

TEST_F(FindProvider, FalKeyServesWhereNothingIsConfigured) {
    variables_["FAL_KEY"] = "id:secret";
    EXPECT_TRUE(find("").is_fal());
    write_config(kDefaultPath, "{agents: {}}");
    EXPECT_TRUE(find("").is_fal());
    // A file that was pointed to must do.
    EXPECT_THAT(refusal("", path("none.json")), HasSubstr("config not found: "));
    variables_["OPENCLAW_CONFIG"] = path(kDefaultPath);
    EXPECT_THAT(refusal(""), HasSubstr("no providers found in config: "));
}

TEST_F(FindProvider, EntryNamedLocalIsNotChosenByItself) {
    write_config(kDefaultPath,
                 R"({models: {providers: {local: {baseUrl: "https://l", apiKey: "kl"},
                                          zeta: {baseUrl: "https://z", apiKey: "kz"}}}})");
    EXPECT_EQ(find("").name, "zeta");
}

TEST_F(FindProvider, NothingAtAllNamesTheWaysToGoOn) {
    const std::string reason = refusal("");
    EXPECT_THAT(reason, HasSubstr("config not found: "));
    EXPECT_THAT(reason, HasSubstr("FAL_KEY"));
    EXPECT_THAT(reason, HasSubstr("--provider local"));
    use_.local_counts = false;
    EXPECT_THAT(refusal(""), ::testing::EndsWith("or set FAL_KEY to use fal"));
}

TEST_F(FindProvider, AMisspeltNameIsAnsweredWithTheNearest) {
    EXPECT_EQ(refusal("falll"), "config not found: " + path(kDefaultPath) +
                                    "\nName the file with --config or OPENCLAW_CONFIG\n"
                                    "--provider names 'falll'; built in are fal and "
                                    "local; did you mean fal?");
    EXPECT_THAT(refusal("something-else"),
                HasSubstr("\n--provider names 'something-else'; built in "
                          "are fal and local"));
    EXPECT_THAT(refusal("locla"), HasSubstr("; did you mean local?"));
    use_.local_counts = false;
    EXPECT_THAT(refusal("locla"), ::testing::EndsWith("names 'locla'; built in is fal"));
    use_.local_counts = true;
    write_config(kDefaultPath, kTwoProviders);
    EXPECT_EQ(refusal("alhpa"), "provider not found: alhpa\nConfig: " + path(kDefaultPath) +
                                    "\nAvailable providers: alpha, zeta\n"
                                    "Choose one with --provider or OPENCLAW_MEDIA_PROVIDER\n"
                                    "--provider names 'alhpa'; built in are fal and "
                                    "local; did you mean alpha?");
}

class EffectiveModel : public FindProvider {
protected:
    [[nodiscard]] std::string model(const std::string& option, RemoteProvider::Kind kind) {
        RemoteProvider provider;
        provider.kind = kind;
        const Story story([this](std::string_view text) { told += text; }, false);
        return effective_model(option, "MODEL_VARIABLE", "placeholder", "fal-ai/default", provider,
                               environment(), story);
    }

    std::string told;
};

TEST_F(EffectiveModel, OptionThenVariableThenDefault) {
    using Kind = RemoteProvider::Kind;
    EXPECT_EQ(model("", Kind::fal), "fal-ai/default");
    variables_["MODEL_VARIABLE"] = "from-variable";
    EXPECT_EQ(model("", Kind::openai), "from-variable");
    EXPECT_EQ(model("", Kind::fal), "from-variable");
    EXPECT_EQ(model("x", Kind::openai), "x");
    EXPECT_EQ(told, "");
}

TEST_F(EffectiveModel, PlaceholderIsWarnedOf) {
    EXPECT_EQ(model("", RemoteProvider::Kind::openai), "placeholder");
    EXPECT_THAT(told, ::testing::StartsWith("WARN: using placeholder model 'placeholder'."));
    EXPECT_THAT(told, HasSubstr("--model"));
    EXPECT_THAT(told, HasSubstr("MODEL_VARIABLE"));
    told.clear();
    EXPECT_EQ(model("placeholder", RemoteProvider::Kind::openai), "placeholder");
    EXPECT_NE(told, "");
}

}  // namespace
}  // namespace editprep::tools
