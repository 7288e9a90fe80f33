#include "editprep/transport/redaction.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "editprep/transport/base64.hpp"
#include "sha256.hpp"

namespace editprep::transport {
namespace {

using Json = nlohmann::ordered_json;

std::string base64_of(std::string_view content) {
    return encode_base64(std::as_bytes(std::span(content)));
}

/// What a shortened payload says about a content.
std::string identity(std::string_view content) {
    return std::to_string(content.size()) + " bytes, sha256 " + sha256_hex(content).substr(0, 16) +
           "...";
}

const std::string kContent(600, 'x');
const std::string kUri = "data:image/png;base64," + base64_of(kContent);
const std::string kShortUri = "data:image/png;base64,... (" + identity(kContent) + ")";

TEST(RedactPayloads, ShortensDataUrisToWhatIdentifiesThem) {
    EXPECT_EQ(redact_payloads(R"({"image_url": ")" + kUri + R"(", "n": 1})"),
              R"({"image_url": ")" + kShortUri + R"(", "n": 1})");
    EXPECT_EQ(
        redact_payloads(R"(["data:,"])"),
        R"(["data:,... (0 characters, )" + ("sha256 " + sha256_hex("").substr(0, 16)) + "...)\"]");
    EXPECT_EQ(redact_payloads(R"("DATA:image/PNG;BASE64,Zm9v")"),
              R"("DATA:image/PNG;BASE64,... ()" + identity("foo") + ")\"");
}

TEST(RedactPayloads, LeavesEverythingElseAsItIs) {
    for (const std::string_view text :
         {R"({ "b":1.50,"a":1e400 , "n":123456789012345678901234567890,"s":"x\u00e9\/\"" })",
          R"({"prompt":"data: see below, please","metadata":"a,b","url":"https://a/b?sig=x&y=1"})",
          "[]", "", "  null\n", R"({"b64_json":"Zm9v","data":[{"url":"https://x/y.png"}]})",
          R"({"a":"data:blue,green"})"}) {
        EXPECT_EQ(redact_payloads(text), text);
        EXPECT_EQ(shorten_payloads(text), text);
    }
    const std::string digits = "[" + std::string(1000, '7') + "]";
    EXPECT_EQ(redact_payloads(digits), digits);
    const std::string word = R"({"prompt":")" + base64_of(kContent) + R"("})";
    EXPECT_EQ(redact_payloads(word), word);
}

TEST(RedactPayloads, ShortensLongBase64UnderKeysOfPayloads) {
    const std::string base64 = base64_of(kContent);
    const std::string brief = "base64,... (" + identity(kContent) + ")";
    for (const std::string_view key : {"b64_json", "image_base64", "B64", "data", "bytes"}) {
        const std::string begin = R"({")" + std::string(key) + R"(" : ")";
        EXPECT_EQ(redact_payloads(begin + base64 + R"("})"), begin + brief + R"("})");
    }
    EXPECT_EQ(redact_payloads(R"({"b64_json":[")" + base64 + R"(",{"x":")" + base64 + R"("}]})"),
              R"({"b64_json":[")" + brief + R"(",{"x":")" + base64 + R"("}]})");
}

/// Some servers write `/` as `\/` and `+` as `\u002B`; mail wraps lines.
TEST(RedactPayloads, SeesThroughEscapes) {
    std::string content(300, '\0');
    for (std::size_t i = 0; i < content.size(); ++i) {
        content[i] = static_cast<char>(i * 7 + 251);
    }
    const std::string base64 = base64_of(content);
    std::string escaped;
    for (const char c : base64) {
        escaped += c == '/' ? "\\/" : c == '+' ? "\\u002B" : std::string(1, c);
    }
    const std::string brief = "base64,... (" + identity(content) + ")";
    EXPECT_EQ(redact_payloads("{\"b64_json\":\"" + escaped + "\"}"),
              "{\"b64_json\":\"" + brief + "\"}");
    EXPECT_EQ(redact_payloads("[\"data:image\\/png;base64," + escaped + "\"]"),
              "[\"data:image/png;" + brief + "\"]");
    std::string wrapped = base64;
    for (std::size_t i = 76; i < wrapped.size(); i += 78) {
        wrapped.insert(i, "\\n");
    }
    EXPECT_EQ(redact_payloads("[\"see data:image/png;base64," + wrapped + "\\nDone\"]"),
              "[\"see data:image/png;" + brief + "\\nDone\"]");
}

TEST(RedactPayloads, FindsDataUrisAmongWords) {
    EXPECT_EQ(redact_payloads(R"({"text":"![a]()" + kUri + R"() and )" + kUri + R"("})"),
              R"({"text":"![a]()" + kShortUri + R"() and )" + kShortUri + R"("})");
    EXPECT_EQ(redact_payloads("<img src=\"" + kUri + "\"> bye"),
              "<img src=\"" + kShortUri + "\"> bye");
    EXPECT_EQ(redact_payloads("<img src='" + kUri + "'>"), "<img src='" + kShortUri + "'>");
}

/// An answer that was cut off, one inside a string, a bare payload: nothing gets through.
TEST(RedactPayloads, TreatsTextThatIsNoJsonAlike) {
    const std::string base64 = base64_of(kContent);
    EXPECT_EQ(redact_payloads(kUri), kShortUri);
    EXPECT_EQ(redact_payloads(R"({"a":")" + kUri), R"({"a":")" + kShortUri);
    for (const std::string& text :
         {base64, R"({"b64_json":")" + base64, R"({"b64_json":")" + base64.substr(0, 701),
          R"({"detail":"{\"b64_json\":\")" + base64 + R"(\"}"})",
          "data:image/png;base64,!!" + base64,
          R"(["data:image/png;base64,!!)" + base64 + R"("])"}) {
        EXPECT_EQ(redact_payloads(text).find(base64.substr(100, 40)), std::string::npos) << text;
    }
}

TEST(ShortenPayloads, LeavesTheSchemeAlone) {
    EXPECT_EQ(shorten_payloads(R"({"reference_images":[")" + kUri + R"("],"b64_json":")" +
                               base64_of(kContent) + R"("})"),
              R"({"reference_images":["data:..."],"b64_json":"data:..."})");
}

TEST(RedactPayloads, StaysJson) {
    const Json value = {{"a", kUri}, {"b", {1, "x\"y", {{"image", base64_of(kContent)}}}}};
    for (const int indent : {-1, 2}) {
        const Json redacted = Json::parse(redact_payloads(value.dump(indent)));
        EXPECT_EQ(redacted["a"], kShortUri);
        EXPECT_EQ(redacted["b"][1], "x\"y");
    }
}

TEST(RedactPayloads, IsLinear) {
    const auto begin = std::chrono::steady_clock::now();
    const std::size_t size = 5'000'000;
    for (const std::string& text :
         {std::string(size, '['), std::string(size, '"'), std::string(size, '\\'),
          std::string(size, 'd'), "\"" + std::string(size, '\\'), "[\"" + std::string(size, 'A'),
          R"({"b64_json":"data:image/png;base64,)" + std::string(size, 'A') + R"("})"}) {
        static_cast<void>(redact_payloads(text));
    }
    std::string many;
    while (many.size() < size) {
        many += "data:data:";
    }
    static_cast<void>(redact_payloads(many));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

TEST(RedactKeys, HidesKeysOfEveryForm) {
    const std::string uuid = "550e8400-e29b-41d4-a716-446655440000";
    const std::vector<std::pair<std::string, std::string>> cases{
        {"Authorization: Key abc:def", "Authorization: ***"},
        {"authorization: Bearer k-alpha\r\nAccept: x", "authorization: ***\r\nAccept: x"},
        {"sent 'Key id-1:sec_2' to", "sent 'Key ***' to"},
        {"with Bearer k-alpha.", "with Bearer ***"},
        {"Incorrect API key provided: sk-proj-abcdefghijk. See",
         "Incorrect API key provided: ***. See"},
        {R"({"api_key": "k\"1", "n": 2})", R"({"api_key": "***", "n": 2})"},
        {R"({"apiKey":"k","x-api-key":"l","token":"m"})",
         R"({"apiKey":"***","x-api-key":"***","token":"***"})"},
        {R"("{\"api_key\": \"abc\", \"n\": 1}")", R"("{\"api_key\": \"***\", \"n\": 1}")"},
        {"https://h/p?api_key=abc&x=1", "https://h/p?api_key=***&x=1"},
        {"FAL_KEY=abc next", "FAL_KEY=*** next"},
        {"key " + uuid + ":0123456789abcdef0123456789abcdef!", "key ***!"},
        {uuid + ":0123456789abcdef0123456789abcdef", "***"},
    };
    for (const auto& [text, expected] : cases) {
        EXPECT_EQ(redact_keys(text), expected);
        EXPECT_EQ(redact_keys(expected), expected) << "a second time";
    }
}

TEST(RedactKeys, LeavesOrdinaryWordsAlone) {
    for (const std::string_view text :
         {"", "Key features: none", "a key: value", "the Bearer", "task-force", R"({"token":null})",
          R"({"total_tokens": 12, "authorization": {"x": 1}})",
          "No user found for Key ID and Secret",
          "request 550e8400-e29b-41d4-a716-446655440000: done", "\\\\\\"}) {
        EXPECT_EQ(redact_keys(text), text);
    }
}

TEST(RedactKeys, HidesTheSecretWhereverItIs) {
    EXPECT_EQ(redact_keys("a k-alpha b k-alpha", "k-alpha"), "a *** b ***");
    EXPECT_EQ(redact_keys("GET /x?k=id%3Atop-secret-1", "id:top-secret-1"), "GET /x?k=***");
    EXPECT_EQ(redact_keys("half: top-secret-1", "id:top-secret-1"), "half: ***");
    EXPECT_EQ(redact_keys("nothing to hide", ""), "nothing to hide");
}

TEST(RedactKeys, IsLinear) {
    const auto begin = std::chrono::steady_clock::now();
    for (const std::string_view part :
         {"key ", "token\\", "token:", "sk-", "Bearer", "\"api_key\":"}) {
        std::string text;
        while (text.size() < 2'000'000) {
            text += part;
        }
        static_cast<void>(redact_keys(text, "ke"));
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

/// FIPS 180-4's examples, and lengths around the block's.
TEST(Sha256, KnowsThePublishedAnswers) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, GivesTheSameInPiecesAndOnEveryProcessor) {
    std::string content;
    for (std::size_t size = 0; size <= 300; ++size) {
        for (const std::size_t piece : {1U, 7U, 63U, 64U, 65U, 300U}) {
            for (const auto kernel : {Sha256::Kernel::fastest, Sha256::Kernel::portable}) {
                Sha256 hash(kernel);
                for (std::size_t i = 0; i < size; i += piece) {
                    hash.update(std::string_view(content).substr(i, piece));
                }
                EXPECT_EQ(hash.hex(), sha256_hex(content));
                EXPECT_EQ(hash.hex(), hash.hex());
            }
        }
        content += static_cast<char>(size * 31);
    }
}

}  // namespace
}  // namespace editprep::transport
