#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "editprep/transport/error.hpp"
#include "editprep/transport/provider_config.hpp"
#include "temp_folder.hpp"

namespace editprep::transport {
namespace {

class FalKeySearch : public ::testing::Test {
protected:
    FalKeySearch() { variables_["HOME"] = folder_.path().string(); }

    std::string write(const std::string& name, const std::string& content) {
        const auto path = folder_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << content;
        return path.string();
    }

    std::string write_notes(const std::string& content) {
        return write(".openclaw/workspace/TOOLS.md", content);
    }

    FalKey find(const std::string& config_path = {}) {
        return find_fal_key(config_path, [this](const std::string& name) {
            const auto found = variables_.find(name);
            return found == variables_.end() ? std::nullopt : std::optional(found->second);
        });
    }

    std::string key_in_notes(const std::string& content) {
        static_cast<void>(write_notes(content));
        return find().key.reveal();
    }

    testing::TempFolder folder_;
    std::map<std::string, std::string> variables_;
};

TEST_F(FalKeySearch, FindsNothingQuietly) {
    const FalKey found = find();
    EXPECT_TRUE(found.key.empty());
    EXPECT_EQ(found.found_in, "");
    EXPECT_TRUE(found.warnings.empty());
    variables_.clear();
    EXPECT_TRUE(find().key.empty());
}

TEST_F(FalKeySearch, AsksTheEnvironmentInOrder) {
    static_cast<void>(write_notes("FAL_KEY: uuid-1:sec_2"));
    variables_["FAL_API_KEY"] = "api-key";
    EXPECT_EQ(find().key.reveal(), "api-key");
    EXPECT_EQ(find().found_in, "FAL_API_KEY");
    variables_["FAL_KEY_ID"] = "id";
    EXPECT_EQ(find().key.reveal(), "api-key") << "half a pair is none";
    variables_["FAL_KEY_SECRET"] = "secret ";
    EXPECT_EQ(find().key.reveal(), "id:secret");
    variables_["FAL_KEY"] = " abcdefghijklmnop\n";
    EXPECT_EQ(find().key.reveal(), "abcdefghijklmnop");
    EXPECT_EQ(find().found_in, "FAL_KEY");
    variables_["FAL_KEY"] = " \n";
    EXPECT_EQ(find().key.reveal(), "id:secret") << "blank is unset";
}

TEST_F(FalKeySearch, RefusesAKeyThatWouldBreakTheHeader) {
    variables_["FAL_KEY"] = "id:secret\r\nX-Evil: 1";
    try {
        static_cast<void>(find());
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "the fal key in FAL_KEY has a control character");
    }
}

TEST_F(FalKeySearch, PrefersTheConfigurationToTheNotes) {
    static_cast<void>(write_notes("FAL_KEY: uuid-1:sec_2"));
    const std::string path =
        write(".openclaw/openclaw.json", "{integrations: {fal: {apiKey: 'from-config'}}}");
    EXPECT_EQ(find().key.reveal(), "from-config");
    EXPECT_EQ(find().found_in, path);
}

TEST_F(FalKeySearch, KnowsBothPlacesOfTheConfiguration) {
    const std::string provider = "models: {providers: {fal: {apiKey: '${MY_FAL}'}}}";
    static_cast<void>(write(".openclaw/openclaw.json", "{" + provider + "}"));
    variables_["MY_FAL"] = "from-provider";
    EXPECT_EQ(find().key.reveal(), "from-provider");
    static_cast<void>(write(
        ".openclaw/openclaw.json",
        "{integrations: {fal: {apiKey: {source: 'env', id: 'MY_OTHER'}}}, " + provider + "}"));
    EXPECT_EQ(find().key.reveal(), "from-provider");
    ASSERT_EQ(find().warnings.size(), 1U);
    EXPECT_NE(find().warnings[0].find("MY_OTHER"), std::string::npos);
    variables_["MY_OTHER"] = "from-integration";
    EXPECT_EQ(find().key.reveal(), "from-integration");
}

TEST_F(FalKeySearch, HonoursTheNamedConfiguration) {
    static_cast<void>(
        write(".openclaw/openclaw.json", "{integrations: {fal: {apiKey: 'default'}}}"));
    variables_["OPENCLAW_CONFIG"] = write("other.json", "{integrations: {fal: {apiKey: 'other'}}}");
    EXPECT_EQ(find().key.reveal(), "other");
    EXPECT_EQ(find(write("third.json", "{integrations: {fal: {apiKey: 'third'}}}")).key.reveal(),
              "third");
}

TEST_F(FalKeySearch, WarnsOfWhatItSkips) {
    static_cast<void>(write_notes("FAL_KEY: uuid-1:sec_2"));
    const auto only_warning = [this](const std::string& config_path = {}) {
        const FalKey found = find(config_path);
        EXPECT_EQ(found.key.reveal(), "uuid-1:sec_2");
        EXPECT_EQ(found.warnings.size(), 1U);
        return found.warnings.empty() ? std::string() : found.warnings[0];
    };
    const std::string path = write(".openclaw/openclaw.json", "{");
    EXPECT_TRUE(only_warning().starts_with("invalid JSON in config " + path));
    static_cast<void>(
        write(".openclaw/openclaw.json", "{integrations: {fal: {apiKey: 'your-key-here'}}}"));
    EXPECT_EQ(only_warning(),
              "a placeholder instead of a key: " + path + " -> integrations.fal.apiKey");
    static_cast<void>(write(".openclaw/openclaw.json", "{integrations: {fal: {apiKey: 5}}}"));
    EXPECT_EQ(only_warning(), "expected text: " + path + " -> integrations.fal.apiKey");
    EXPECT_EQ(only_warning("none.json"), "config not found: none.json");
}

TEST_F(FalKeySearch, ReadsTheNotes) {
    const std::string path = write_notes("# Tools\n\n- FAL_KEY: \"uuid-1:sec_2\" (mine)\n");
    EXPECT_EQ(find().key.reveal(), "uuid-1:sec_2");
    EXPECT_EQ(find().found_in, path);
}

TEST_F(FalKeySearch, UnderstandsTheFormsOfNotes) {
    for (const char* const text :
         {"FAL_KEY: uuid-1:sec_2", "fal_key=uuid-1:sec_2", "export FAL_KEY='uuid-1:sec_2'",
          "**FAL_KEY:** `uuid-1:sec_2`", "FAL_KEY:\n  uuid-1:sec_2\n", "`FAL_KEY` : uuid-1:sec_2",
          "\"FAL_KEY\": \"uuid-1:sec_2\",", "| FAL_KEY = uuid-1:sec_2 |",
          "FAL_KEY:uuid-1:sec_2:", "My fal.ai API key: uuid-1:sec_2",
          "fal.ai (the key of the key) key = 'uuid-1:sec_2'", "FAL api KEY: uuid-1:sec_2 # key",
          "FAL_API_KEY=uuid-1:sec_2", "Set FAL_KEY env var first\r\nFAL_KEY: uuid-1:sec_2\r\n",
          "FAL_KEY: your-key-here\n\nfal.ai key: uuid-1:sec_2",
          "fal.ai key: uuid-2:sec_3\nFAL_KEY: uuid-1:sec_2"}) {
        EXPECT_EQ(key_in_notes(text), "uuid-1:sec_2") << text;
    }
    EXPECT_EQ(key_in_notes("FAL_KEY: abcdef"), "abcdef");
    EXPECT_EQ(key_in_notes("FAL_KEY: 'abcdef' for pictures"), "abcdef");
    EXPECT_EQ(key_in_notes("FAL_KEY: abcdefghijklmnop for pictures"), "abcdefghijklmnop");
}

TEST_F(FalKeySearch, TakesNoWordsForAKey) {
    for (const char* const text : {"Set FAL_KEY env var first",
                                   "FAL_KEY: env",
                                   "FAL_KEY: your-key-here",
                                   "FAL_KEY=xxx",
                                   "FAL_KEY=XXXX-XXXX",
                                   "FAL_KEY: <your key>",
                                   "FAL_KEY: changeme",
                                   "FAL_KEY: ...",
                                   "FAL_KEY: your_key_id:your_key_secret",
                                   "FAL_KEY:\n\nSome heading\n",
                                   "FAL_KEY:",
                                   "FAL_KEY: see the vault",
                                   "FAL_KEY: set in the shell",
                                   "FAL_KEY: ${FAL_KEY}",
                                   "FAL_KEY uuid-1:sec_2",
                                   "fal.ai key uuid-1:sec_2",
                                   "NOT_FAL_KEY: uuid-1:sec_2",
                                   "natural api key: uuid-1:sec_2",
                                   "fal.ai\nkey: uuid-1:sec_2",
                                   "key of fal.ai: uuid-1:sec_2",
                                   "fal.ai key: key",
                                   "FAL_KEY: id:secret",
                                   "",
                                   "FAL",
                                   "fal.ai key"}) {
        EXPECT_EQ(key_in_notes(text), "") << text;
    }
}

TEST_F(FalKeySearch, SaysThatAPlaceholderStoodInTheNotes) {
    const std::string path = write_notes("FAL_KEY: your-key-here");
    EXPECT_EQ(find().warnings, std::vector<std::string>{"a placeholder instead of a key: " + path});
    static_cast<void>(write_notes("FAL_KEY: <key>"));
    EXPECT_EQ(find().warnings.size(), 1U);
    static_cast<void>(write_notes("Set FAL_KEY env var first"));
    EXPECT_TRUE(find().warnings.empty());
}

TEST_F(FalKeySearch, SurvivesOddNotes) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) {
        text += "fal_key fal.ai api key: ";
    }
    EXPECT_EQ(key_in_notes(text), "");
    EXPECT_EQ(key_in_notes(std::string("\xFF\0FAL_KEY: a:1\xFF", 15)), "a:1");
    std::filesystem::remove(folder_ / ".openclaw/workspace/TOOLS.md");
    std::filesystem::create_directory(folder_ / ".openclaw/workspace/TOOLS.md");
    EXPECT_EQ(find().warnings.size(), 1U);
}

}  // namespace
}  // namespace editprep::transport
