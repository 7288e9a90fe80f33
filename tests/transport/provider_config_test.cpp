#include "editprep/transport/provider_config.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "editprep/transport/error.hpp"
#include "temp_folder.hpp"

namespace editprep::transport {
namespace {

class ProviderConfigFile : public ::testing::Test {
protected:
    std::string write(const std::string& content, const std::string& name = "openclaw.json") {
        const auto path = folder_ / name;
        std::ofstream(path, std::ios::binary) << content;
        return path.string();
    }

    EnvironmentLookup environment() {
        return [this](const std::string& name) -> std::optional<std::string> {
            const auto found = variables_.find(name);
            return found == variables_.end() ? std::nullopt : std::optional(found->second);
        };
    }

    ProviderEntry choose(const std::string& content, const std::string& name = {}) {
        return ProviderConfig::load(write(content), environment()).choose(name, environment());
    }

    /// What such a file is refused with.
    Error refusal(const std::string& content, const std::string& name = {}) {
        try {
            static_cast<void>(choose(content, name));
        } catch (const Error& error) {
            return error;
        }
        ADD_FAILURE() << "was accepted: " << content;
        return {Errc::invalid_argument, ""};
    }

    [[nodiscard]] std::string path() const { return (folder_ / "openclaw.json").string(); }

    testing::TempFolder folder_;
    std::map<std::string, std::string> variables_;
};

std::string providers(const std::string& entries) {
    return "{models: {providers: {" + entries + "}}}";
}

constexpr const char* kTwo =
    R"({"models":{"providers":{
        "zeta":{"baseUrl":"http://127.0.0.1:8080/v1","apiKey":"k-zeta"},
        "alpha":{"baseUrl":"http://127.0.0.1:8080/v1///","apiKey":" k-alpha\n"}}}})";

TEST_F(ProviderConfigFile, GivesTheFirstByNameAndCleanValues) {
    const auto config = ProviderConfig::load(write(kTwo), environment());
    EXPECT_EQ(config.names(), (std::vector<std::string>{"alpha", "zeta"}));
    const ProviderEntry first = config.choose("", environment());
    EXPECT_EQ(first.name, "alpha");
    EXPECT_EQ(first.base_url, "http://127.0.0.1:8080/v1");
    EXPECT_EQ(first.api_key.reveal(), "k-alpha");
    EXPECT_FALSE(first.mask_convention);
    EXPECT_FALSE(first.allow_insecure);
    EXPECT_EQ(config.choose("zeta", environment()).api_key.reveal(), "k-zeta");
}

TEST_F(ProviderConfigFile, SortsByCodePoint) {
    const auto config = ProviderConfig::load(
        write(providers("b:{}, Z:{}, 'ä':{}, a:{}, '10':{}, '9':{}")), environment());
    EXPECT_EQ(config.names(), (std::vector<std::string>{"10", "9", "Z", "a", "b", "ä"}));
}

TEST_F(ProviderConfigFile, ReadsJson5WithAByteOrderMark) {
    const ProviderEntry entry = choose("\xEF\xBB\xBF// mine\n" + providers(R"(
        own: {
            baseUrl: 'https://api.example.com/v1', // no slash
            apiKey: 'k', maskEncoding: 'white-edits',
            models: [{id: 'm', cost: {input: 0}}],
        },)"));
    EXPECT_EQ(entry.base_url, "https://api.example.com/v1");
    EXPECT_EQ(entry.mask_convention, MaskConvention::white_edits);
}

TEST_F(ProviderConfigFile, ExpandsTheHomeFolder) {
    variables_["HOME"] = folder_.path().string();
    static_cast<void>(write(kTwo));
    EXPECT_EQ(ProviderConfig::load("~/openclaw.json", environment()).names().size(), 2U);
    try {
        static_cast<void>(ProviderConfig::load("~/none.json", environment()));
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(),
                     ("config not found: " + folder_.path().string() + "/none.json").c_str());
    }
}

TEST_F(ProviderConfigFile, NamesTheWaysOutWhenItIsAbsent) {
    try {
        static_cast<void>(ProviderConfig::load("none.json", environment()));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::config_not_found);
        EXPECT_STREQ(error.what(), "config not found: none.json");
        EXPECT_NE(error.next_step().find("--config"), std::string::npos);
        EXPECT_NE(error.next_step().find("OPENCLAW_CONFIG"), std::string::npos);
    }
}

TEST_F(ProviderConfigFile, SaysWhereItIsMalformed) {
    EXPECT_EQ(refusal("{\n models }").what(),
              "invalid JSON in config " + path() +
                  ": expected ':' behind the name \"models\", found '}' at line 2, column 9");
    EXPECT_EQ(refusal("").errc(), Errc::invalid_config);
    EXPECT_EQ(refusal(std::string("\0\xFF\xFE", 3)).errc(), Errc::invalid_config);
    EXPECT_EQ(refusal(std::string(100'000, '[')).errc(), Errc::invalid_config);
}

TEST_F(ProviderConfigFile, ReportsAFolderInItsPlace) {
    try {
        static_cast<void>(ProviderConfig::load(folder_.path().string(), environment()));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::invalid_config);
        EXPECT_EQ(error.what(), "cannot read " + folder_.path().string() + ": it is a folder");
    }
}

TEST_F(ProviderConfigFile, NeedsProviders) {
    for (const char* const content :
         {"{}", "[]", "null", "1", "{models: []}", "{models: {providers: null}}",
          "{models: {providers: {}}}", "{models: {providers: ['alpha']}}"}) {
        const Error error = refusal(content);
        EXPECT_EQ(error.errc(), Errc::invalid_config);
        EXPECT_EQ(error.what(), "no providers found in config: " + path());
        EXPECT_NE(error.next_step().find("config.models.providers"), std::string::npos);
    }
}

TEST_F(ProviderConfigFile, ListsTheProvidersWhenOneIsUnknown) {
    const Error error = refusal(kTwo, "nope");
    EXPECT_EQ(error.errc(), Errc::provider_not_found);
    EXPECT_STREQ(error.what(), "provider not found: nope");
    EXPECT_EQ(error.next_step(),
              "Config: " + path() +
                  "\nAvailable providers: alpha, zeta\nChoose one with --provider or "
                  "OPENCLAW_MEDIA_PROVIDER");
}

TEST_F(ProviderConfigFile, ChecksTheChosenEntryAlone) {
    const std::string broken = providers("a: 5, b: {}, c: {baseUrl: 'https://x', apiKey: 'k'}");
    EXPECT_EQ(choose(broken, "c").name, "c");
    EXPECT_STREQ(refusal(broken).what(), "provider entry is not an object: a");
    EXPECT_STREQ(refusal(broken, "b").what(),
                 "provider is missing required fields: b -> baseUrl, apiKey");
}

TEST_F(ProviderConfigFile, NamesTheFieldsThatAreMissing) {
    const auto missing = [this](const std::string& entry) {
        return std::string(refusal(providers("p: {" + entry + "}")).what());
    };
    const std::string begin = "provider is missing required fields: p -> ";
    EXPECT_EQ(missing("apiKey: 'k'"), begin + "baseUrl");
    EXPECT_EQ(missing("baseUrl: 'https://x'"), begin + "apiKey");
    EXPECT_EQ(missing("baseUrl: '', apiKey: null"), begin + "baseUrl, apiKey");
    EXPECT_EQ(missing("baseUrl: 'https://x', apiKey: ' \\t\\n'"), begin + "apiKey");
}

TEST_F(ProviderConfigFile, TakesValuesFromTheEnvironment) {
    variables_ = {{"KEY", "k-env\n"}, {"HOST", "api.example.com"}};
    const ProviderEntry entry =
        choose(providers("p: {baseUrl: 'https://${HOST}/v1', apiKey: '${KEY}'}"));
    EXPECT_EQ(entry.base_url, "https://api.example.com/v1");
    EXPECT_EQ(entry.api_key.reveal(), "k-env");
    EXPECT_EQ(choose(providers("p: {baseUrl: 'https://x', "
                               "apiKey: {source: 'env', provider: 'default', id: 'KEY'}}"))
                  .api_key.reveal(),
              "k-env");
    EXPECT_EQ(choose(providers("p: {baseUrl: 'https://x', apiKey: 'a$${KEY}b${KEY}c${}d${'}"))
                  .api_key.reveal(),
              "a${KEY}bk-envc${}d${");
}

TEST_F(ProviderConfigFile, TakesVariablesOfTheFileWhereTheEnvironmentHasNone) {
    variables_["B"] = "outside";
    const std::string begin = "{env: {A: 'inside', vars: {B: 'inside', C: 'vars'}, shellEnv: {}}, ";
    EXPECT_EQ(choose(begin + "models: {providers: {p: {baseUrl: 'https://x', "
                             "apiKey: '${A}-${B}-${C}'}}}}")
                  .api_key.reveal(),
              "inside-outside-vars");
}

TEST_F(ProviderConfigFile, NamesAVariableThatIsNotSet) {
    const Error error = refusal(providers("p: {baseUrl: 'https://x', apiKey: '${NO_SUCH}'}"));
    EXPECT_EQ(error.errc(), Errc::invalid_config);
    EXPECT_EQ(error.what(), "environment variable NO_SUCH is not set: " + path() +
                                " -> models.providers.p.apiKey");
    EXPECT_EQ(
        refusal(providers("p: {baseUrl: 'https://x', apiKey: {source: 'env', id: 'NO'}}")).what(),
        "environment variable NO is not set: " + path() + " -> models.providers.p.apiKey");
    EXPECT_NE(std::string(refusal(providers("p: {baseUrl: 'https://x', "
                                            "apiKey: {source: 'file', id: '/run/key'}}"))
                              .what())
                  .find("models.providers.p.apiKey"),
              std::string::npos);
}

TEST_F(ProviderConfigFile, RefusesValuesOfOtherTypes) {
    EXPECT_EQ(refusal(providers("p: {baseUrl: 'https://x', apiKey: 5}")).what(),
              "expected text: " + path() + " -> models.providers.p.apiKey");
    EXPECT_EQ(
        refusal(providers("p: {baseUrl: 'https://x', apiKey: 'k', allowInsecure: 'yes'}")).what(),
        "expected true or false: " + path() + " -> models.providers.p.allowInsecure");
    EXPECT_EQ(
        refusal(providers("p: {baseUrl: 'https://x', apiKey: 'k', maskEncoding: 'red'}")).what(),
        "unknown mask encoding \"red\": " + path() + " -> models.providers.p.maskEncoding");
}

/// A line end in a key would begin a header of its own.
TEST_F(ProviderConfigFile, RefusesControlCharactersWithoutShowingTheKey) {
    const Error error =
        refusal(providers(R"(p: {baseUrl: 'https://x', apiKey: 'secret\r\nX-Evil: 1'})"));
    EXPECT_EQ(error.what(), "a control character: " + path() + " -> models.providers.p.apiKey");
}

TEST_F(ProviderConfigFile, KeepsKeysOffThePlainNetwork) {
    const auto with_base = [](const std::string& url, const std::string& more = "") {
        return providers("p: {baseUrl: '" + url + "', apiKey: 'k'" + more + "}");
    };
    for (const char* const url : {"https://example.com", "http://localhost:1", "http://[::1]:8/v1",
                                  "http://127.0.0.1", "HTTPS://example.com/v1"}) {
        EXPECT_NO_THROW(static_cast<void>(choose(with_base(url)))) << url;
    }
    for (const char* const url :
         {"http://example.com/v1", "http://10.0.0.1", "http://127.0.0.1.io"}) {
        const Error error = refusal(with_base(url));
        EXPECT_EQ(error.errc(), Errc::invalid_config) << url;
        EXPECT_NE(error.next_step().find("allowInsecure"), std::string::npos);
        EXPECT_TRUE(choose(with_base(url, ", allowInsecure: true")).allow_insecure);
    }
    for (const char* const url : {"ftp://example.com", "example.com/v1", "file:///etc/passwd",
                                  "https://user:pass@example.com", "https://", "http:///v1",
                                  "https://exa mple.com", "///"}) {
        EXPECT_EQ(refusal(with_base(url)).errc(), Errc::invalid_config) << url;
    }
}

TEST_F(ProviderConfigFile, NamesTheHeaderForIdempotencyKeys) {
    const auto with_header = [](const std::string& name) {
        return providers("p: {baseUrl: 'https://x', apiKey: 'k', idempotencyHeader: '" + name +
                         "'}");
    };
    EXPECT_EQ(choose(with_header("Idempotency-Key")).idempotency_header, "Idempotency-Key");
    EXPECT_EQ(choose(with_header("")).idempotency_header, "");
    EXPECT_EQ(choose(providers("p: {baseUrl: 'https://x', apiKey: 'k'}")).idempotency_header, "");
    for (const char* name : {"Authorization", "AUTHORIZATION", "content-type", "Cookie", "Host",
                             "Proxy-Authorization", "two words", "a:b", "Transfer-Encoding"}) {
        EXPECT_EQ(refusal(with_header(name)).what(),
                  "not a header for idempotency keys: \"" + std::string(name) + "\": " + path() +
                      " -> models.providers.p.idempotencyHeader");
    }
}

}  // namespace
}  // namespace editprep::transport
