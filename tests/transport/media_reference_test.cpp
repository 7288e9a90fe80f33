#include "editprep/transport/media_reference.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "editprep/transport/error.hpp"
#include "json_walk.hpp"

namespace editprep::transport {

void PrintTo(const MediaReference& reference, std::ostream* out) {
    constexpr const char* kKinds[] = {"base64", "data URI", "URL", "relative"};
    *out << kKinds[static_cast<int>(reference.kind)] << ' ' << reference.value.substr(0, 200);
}

bool operator==(const MediaReference& a, const MediaReference& b) {
    return a.kind == b.kind && a.value == b.value;
}

namespace {

using Kind = MediaReference::Kind;
using References = std::vector<MediaReference>;
using namespace std::string_literals;

struct Case {
    std::string text;
    Kind kind;
    std::string value;
};

void expect_found(const std::vector<Case>& cases) {
    for (const Case& c : cases) {
        SCOPED_TRACE(c.text);
        const MediaReference expected{c.kind, c.value};
        const auto found = find_media(c.text);
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(*found, expected);
        const References all = find_all_media(c.text);
        ASSERT_FALSE(all.empty());
        EXPECT_EQ(all.front(), expected);
    }
}

References urls(const std::vector<std::string>& values) {
    References references;
    for (const std::string& value : values) {
        references.push_back({Kind::url, value});
    }
    return references;
}

TEST(FindMedia, TakesBase64BeforeEverythingElse) {
    expect_found({
        {R"({"data":[{"b64_json":"QUJD"}]})", Kind::base64, "QUJD"},
        {R"({"data":[{"url":"http://h/a.png"},{"b64_json":"QUJD"}]})", Kind::base64, "QUJD"},
        {R"({"b64_json":"VE9Q","data":[{"b64_json":""},{"b64_json":"SVRFTQ=="}]})", Kind::base64,
         "SVRFTQ=="},
        {R"({"x":{"b64_json":"REVFUA=="},"b64_json":"VE9Q"})", Kind::base64, "VE9Q"},
        {R"({"x":[{"y":{"b64_json":"Rmlyc3Q="},"b64_json":"U2Vjb25k"}]})", Kind::base64,
         "Rmlyc3Q="},
        {R"([{"b64_json":"QUJD"}])", Kind::base64, "QUJD"},
        {R"({"data":[{"b64_json":"QU\/+JD\n"}]})", Kind::base64, "QU/+JD"},
        {R"({"data":[{"b64_json":"data:image\/webp;base64,QUJD"}]})", Kind::data_uri,
         "data:image/webp;base64,QUJD"},
        {"data: {\"type\":\"completed\",\"b64_json\" :\n \"QU\\/D\"}\n\n", Kind::base64, "QU/D"},
        {"\"b64_json\": null, \"b64_json\": \"\", \"b64_json\": \"QUJD\" ![image](http://h/a.png)",
         Kind::base64, "QUJD"},
        {"\xEF\xBB\xBF{\"data\":[{\"b64_json\":\"QUJD\"}]}", Kind::base64, "QUJD"},
    });
}

TEST(FindMedia, LooksIntoJsonInAFixedOrder) {
    expect_found({
        {R"({"images":[{"url":"http://h/i"}],"data":[{"url":"http://h/d"}]})", Kind::url,
         "http://h/d"},
        {R"({"videos":[{"url":"http://h/v"}],"images":[{"url":"http://h/i"}]})", Kind::url,
         "http://h/i"},
        {R"({"video":{"url":"http://h/v"},"videos":[{"url":"http://h/vs"}]})", Kind::url,
         "http://h/vs"},
        {R"({"image":{"url":"http://h/i"},"video":[{"url":"http://h/v"}]})", Kind::url,
         "http://h/v"},
        {R"({"audio":{"url":"http://h/a"},"image":[{"url":"http://h/i"}]})", Kind::url,
         "http://h/i"},
        {R"({"output":[{"url":"http://h/o"}],"audio":{"url":"http://h/a"}})", Kind::url,
         "http://h/a"},
        {R"({"url":"http://h/top","output":[{"url":"http://h/o"}]})", Kind::url, "http://h/o"},
        {R"({"x":{"url":"http://h/deep"},"url":"http://h/top"})", Kind::url, "http://h/top"},
        {R"({"x":{"y":[{"url":"http://h/deep"}]},"z":{"url":"http://h/later"}})", Kind::url,
         "http://h/deep"},
        {R"({"data":[{"file":"f","path":"p","result_url":"r","output_url":"o","video_url":"v"}]})",
         Kind::relative, "v"},
        {R"({"data":[{"file":"f","path":"p","result_url":"r"}]})", Kind::relative, "r"},
        {R"({"data":[{"url":null},{"url":""},{"url":"/v1/files/x"}]})", Kind::relative,
         "/v1/files/x"},
        // A picture that the prompt or a poster names does not win over the result.
        {R"({"data":[{"revised_prompt":"like http://x/a.png","url":"http://h/result"}]})",
         Kind::url, "http://h/result"},
        {R"({"poster":"http://h/poster.jpg","video":{"url":"http://h/clip"}})", Kind::url,
         "http://h/clip"},
    });
}

TEST(FindMedia, KnowsTheShapesOfAllProviders) {
    expect_found({
        {R"({"images":[{"url":"https://f/a.png","content_type":"image/png","file_size":null}],)"
         R"("seed":42,"timings":{"inference":1.5e0}})",
         Kind::url, "https://f/a.png"},
        {R"({"image":{"url":"https://f/a"},"mask_image":{"url":"https://f/m"}})", Kind::url,
         "https://f/a"},
        {R"({"video":[{"url":"https://f/v"}]})", Kind::url, "https://f/v"},
        {R"({"audio":{"url":"https://f/s.wav"}})", Kind::url, "https://f/s.wav"},
        {R"({"response":{"videos":[{"url":"https://f/v"}]}})", Kind::url, "https://f/v"},
        {R"({"images":[{"url":"data:image\/png;base64,QUJD"}]})", Kind::data_uri,
         "data:image/png;base64,QUJD"},
        {R"({"output":["https://r/x/out.png"]})", Kind::url, "https://r/x/out.png"},
        {R"({"output":["https://r/x"]})", Kind::url, "https://r/x"},
        {R"({"image":"data:audio/mpeg;base64,QUJD"})", Kind::data_uri,
         "data:audio/mpeg;base64,QUJD"},
        {R"~({"choices":[{"message":{"content":"![image](\/v1\/files\/q.png)"}}]})~",
         Kind::relative, "/v1/files/q.png"},
        {R"({"choices":[{"message":{"content":"<video src=\"/x/generated_video.mp4\">"}}]})",
         Kind::relative, "/x/generated_video.mp4"},
        {R"({"url":"http:\/\/h\/media\/e.png"})", Kind::url, "http://h/media/e.png"},
        {R"({"url":"http:\u002f\u002fh\u002f\ud83d\ude00.png"})", Kind::url,
         "http://h/\xF0\x9F\x98\x80.png"},
        {R"({"http://h/in-a-name.png":true})", Kind::url, "http://h/in-a-name.png"},
        {R"("https://h/alone")", Kind::url, "https://h/alone"},
    });
}

TEST(FindMedia, KeepsTheOrderOfTheRulesForText) {
    expect_found({
        {R"(http://h/a.png <source src="/x/generated_video.mp4">)", Kind::relative,
         "/x/generated_video.mp4"},
        {R"(<source src=\"/x/generated_video.mp4\">)", Kind::relative, "/x/generated_video.mp4"},
        {"![image](b.png) at http://h/x/generated_video.mp4.", Kind::url,
         "http://h/x/generated_video.mp4"},
        {"![image](i.png) ![video](v.mp4)", Kind::relative, "v.mp4"},
        {"data:image/png;base64,QUJD ![image](http://h/i \"title\")", Kind::url, "http://h/i"},
        {"http://h/a.png data:video/mp4;base64,QUJD", Kind::data_uri, "data:video/mp4;base64,QUJD"},
        {"/v1/files/x http://h/a.png", Kind::url, "http://h/a.png"},
        {"see /v1/files/abc-1, thanks", Kind::relative, "/v1/files/abc-1,"},
        {"<a href='/v1/files/abc'>", Kind::relative, "/v1/files/abc"},
        // The absolute URL is taken as it is.
        {"see http://h/v1/files/abc", Kind::url, "http://h/v1/files/abc"},
        {"/v1/files/abc <img src=b.avif>", Kind::relative, "/v1/files/abc"},
    });
}

TEST(FindMedia, FindsWhereAUrlEnds) {
    expect_found({
        {"see http://h:1/media/a.png, and http://h:1/media/b.png", Kind::url,
         "http://h:1/media/a.png"},
        {"http://h/a.png,http://h/b.png", Kind::url, "http://h/a.png"},
        {"http://h/a.png?x=1,http://h/b.png?x=2", Kind::url, "http://h/a.png?x=1"},
        {"(http://h/a.png)", Kind::url, "http://h/a.png"},
        {"(http://h/a.png?x=1).", Kind::url, "http://h/a.png?x=1"},
        {"[http://h/a.png](http://h/b.png)", Kind::url, "http://h/a.png"},
        {"[http://h/a.png?x=1](http://h/b.png)", Kind::url, "http://h/a.png?x=1"},
        {"<http://h/a.png?x=1>;", Kind::url, "http://h/a.png?x=1"},
        {"**http://h/a.png**", Kind::url, "http://h/a.png"},
        {"http://h/a_(1).png", Kind::url, "http://h/a_(1).png"},
        {"http://h/(a.png)/b.png", Kind::url, "http://h/(a.png)/b.png"},
        {"http://h/a,b.png", Kind::url, "http://h/a,b.png"},
        {"http://h/a)b.png", Kind::url, "http://h/a)b.png"},
        {"http://h/a[0].png]", Kind::url, "http://h/a[0].png"},
        {"http://h/a.png#top", Kind::url, "http://h/a.png"},
        {"http://h/a.png?x=%2F&y=a,b;c", Kind::url, "http://h/a.png?x=%2F&y=a,b;c"},
        {"http://h/get?name=a.png&signature=1", Kind::url, "http://h/get?name=a.png&signature=1"},
        {"http://h/get?name=a.png", Kind::url, "http://h/get?name=a.png"},
        {"http://h/my.png.folder/real.webp", Kind::url, "http://h/my.png.folder/real.webp"},
        {"http://h/page http://h/a.jpeg", Kind::url, "http://h/a.jpeg"},
        {"https://proxy/http://h/a.gif", Kind::url, "https://proxy/http://h/a.gif"},
        {"http://h/a.mov\\n\"", Kind::url, "http://h/a.mov"},
        {"http://h/a.png\xC2\xA0then", Kind::url, "http://h/a.png"},
        {"http://h/a.png\xE3\x80\x82", Kind::url, "http://h/a.png"},
        {"(data:image/png;base64,QUJD).", Kind::data_uri, "data:image/png;base64,QUJD"},
        {"\"data:image/png;base64,QU\\/D\"", Kind::data_uri, "data:image/png;base64,QU/D"},
        {"'data:image/png;base64,QU*D'", Kind::data_uri, "data:image/png;base64,QU*D"},
        {"data:image/png;base64,QUJD\nREVG\n", Kind::data_uri, "data:image/png;base64,QUJD\nREVG"},
        {"data:image/png;base64,QUJD\nnot base64!", Kind::data_uri, "data:image/png;base64,QUJD"},
    });
}

TEST(FindMedia, ReadsWhatTheOlderCommandGaveUpOn) {
    expect_found({
        {"<img alt=x src='/a/b'>", Kind::relative, "/a/b"},
        {"<IMG SRC=/a/b?x=1&amp;y=2>", Kind::relative, "/a/b?x=1&y=2"},
        {"<video\n controls src=\"v&#x2F;w&#46;mp4\"></video>", Kind::relative, "v/w.mp4"},
        {"a < b <audio><source src=s.flac></audio>", Kind::relative, "s.flac"},
        {"<b <img src='a'>", Kind::relative, "a"},
        {"<a href='page.html'>x</a><a href=\"/full.PNG?x\">y</a>", Kind::relative, "/full.PNG?x"},
        {"<a href=\"full.png\"><img src=\"small\"></a>", Kind::relative, "small"},
        {"![A cat (1)](cat)", Kind::relative, "cat"},
        {"[text](page.html) [file](clips/a.MKV)", Kind::relative, "clips/a.MKV"},
        {"[![small]( <a b> )](full.tif)", Kind::relative, "full.tif"},
        {"it is at https://h/U.PNG!", Kind::url, "https://h/U.PNG"},
        {"https://h/a.avif and https://h/b.AVIF", Kind::url, "https://h/a.avif"},
        {"sound: data:audio/mpeg;base64,QUJD", Kind::data_uri, "data:audio/mpeg;base64,QUJD"},
        {" https://h/no/extension?x=1\n", Kind::url, "https://h/no/extension?x=1"},
        {"HTTPS://h/no", Kind::url, "HTTPS://h/no"},
    });
}

TEST(FindMedia, FindsNothingWhereNothingIs) {
    for (const std::string& text : {""s,
                                    "   \n"s,
                                    "nothing here"s,
                                    "{}"s,
                                    "[]"s,
                                    "null"s,
                                    "42"s,
                                    "{\"b64_json\":\"\"}"s,
                                    "{\"b64_json\":\"  \"}"s,
                                    "{\"data\":[{\"b64_json\":null,\"url\":null}]}"s,
                                    "{\"url\":\"ftp://h/a.gz\"}"s,
                                    "{\"path\":\"C:\\\\a.gz\"}"s,
                                    "{\"path\":\"two words\"}"s,
                                    "{\"error\":{\"message\":\"see https://h/docs\"}}"s,
                                    "see https://h/docs"s,
                                    "file:///etc/passwd"s,
                                    "javascript:alert(1)"s,
                                    "![image]()"s,
                                    "![image](a.png"s,
                                    "<img src=''>"s,
                                    "<img src=a"s,
                                    "/v1/files/"s,
                                    "data: {\"x\":1}"s,
                                    "data:text/plain,hello there"s,
                                    "http://"s,
                                    "https:// a"s,
                                    "\"b64_json\": \"cut short"s,
                                    "![image](blob:x)"s}) {
        EXPECT_FALSE(find_media(text).has_value()) << text;
        EXPECT_TRUE(find_all_media(text).empty()) << text;
    }
}

TEST(FindAllMedia, ListsTheResultsOfOneAnswer) {
    EXPECT_EQ(find_all_media(R"({"images":[{"url":"http://h/1"},{"url":"http://h/2","path":"p"},)"
                             R"({"url":"http://h/1"}],"image":{"url":"http://h/other"}})"),
              urls({"http://h/1", "http://h/2"}));
    EXPECT_EQ(find_all_media(R"({"data":{"videos":[{"file":{"url":"http://h/1"}},)"
                             R"({"file":{"url":"http://h/2"},"poster":{"url":"http://h/p"}}]}})"),
              urls({"http://h/1", "http://h/2"}));
    EXPECT_EQ(find_all_media(R"({"image":{"url":"http://h/1"},"mask_image":{"url":"http://h/2"}})"),
              urls({"http://h/1"}));
    EXPECT_EQ(find_all_media(R"({"output":["http://h/1","http://h/2"]})"),
              urls({"http://h/1", "http://h/2"}));
    EXPECT_EQ(find_all_media("http://h/1.png http://h/2.png, http://h/1.png https://h/page"),
              urls({"http://h/1.png", "http://h/2.png"}));
    EXPECT_EQ(find_all_media(R"~({"a":"![image](http://h/1)","b":"![image](http://h/2)"})~"),
              urls({"http://h/1", "http://h/2"}));
}

TEST(FindAllMedia, BeginsWithTheChosenOne) {
    const References expected{
        {Kind::base64, "QUJD"}, {Kind::url, "http://h/1"}, {Kind::base64, "REVG"}};
    EXPECT_EQ(find_all_media(R"({"data":[{"url":"http://h/1"},{"b64_json":"QUJD","url":"x"},)"
                             R"({"url":"http://h/3","b64_json":"REVG"}]})"),
              expected);
}

TEST(FindMedia, StaysQuickAndShallowOnHugeTexts) {
    const std::string base64(50'000'000, 'A');
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    std::string objects;
    for (int i = 0; i < 100'000; ++i) {
        objects += "{\"a\":";
    }
    std::string links;
    std::string tags;
    while (links.size() < 2'000'000) {
        links += "](![[";
        tags += "<img src=\"<img ";
    }
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(find_media(R"({"data":[{"b64_json":")" + base64 + "\"}]}")->value.size(),
              base64.size());
    const std::string part = base64.substr(0, 10'000'000);
    EXPECT_EQ(find_media("data:image/png;base64," + part)->value.size(), part.size() + 22);
    EXPECT_EQ(find_media("x \"b64_json\":\"" + part + '"')->value.size(), part.size());
    EXPECT_FALSE(find_media("{\"x\":\"" + part + "\"}").has_value());
    EXPECT_FALSE(find_media(part).has_value());
    EXPECT_FALSE(find_media(deep).has_value());
    EXPECT_FALSE(find_media(deep.substr(0, 100'000)).has_value());
    EXPECT_FALSE(find_media(objects).has_value());
    EXPECT_EQ(find_media(objects + "\"http://h/a.png\"")->value, "http://h/a.png");
    EXPECT_FALSE(find_media(links + ' ').has_value());
    EXPECT_FALSE(find_media(tags).has_value());
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    // Anything but linear would take hours.
    EXPECT_LT(seconds.count(), 20);
}

TEST(FindMedia, SurvivesRandomTexts) {
    constexpr std::string_view kPieces[] = {"{",
                                            "}",
                                            "[",
                                            "]",
                                            "\"",
                                            ":",
                                            ",",
                                            "\\",
                                            "\\u12",
                                            "\\ud800",
                                            "b64_json",
                                            "data",
                                            "url",
                                            "QUJD",
                                            "http://",
                                            "https://h/a",
                                            ".png",
                                            "?x=",
                                            "<img src=",
                                            "'",
                                            ">",
                                            "![image](",
                                            "](",
                                            ")",
                                            "(",
                                            "data:image/png;base64,",
                                            "/v1/files/",
                                            "&#x110000;",
                                            "&amp;",
                                            " ",
                                            "\n",
                                            "1e5 ",
                                            "null",
                                            "src=\"",
                                            "generated_video.mp4",
                                            "\xE3\x80\x80",
                                            "\xFF"};
    std::mt19937 random(7);
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (std::uint_fast32_t i = random() % 20; i > 0; --i) {
            text += kPieces[random() % std::size(kPieces)];
        }
        const auto first = find_media(text);
        const References all = find_all_media(text);
        ASSERT_EQ(first.has_value(), !all.empty()) << text;
        if (first) {
            ASSERT_EQ(*first, all.front()) << text;
        }
    }
}

/// What is JSON to one parser is JSON to the other.
TEST(JsonWalk, AgreesWithAnotherParser) {
    constexpr std::string_view kPieces[] = {
        "{",           "}",           "[",         "]",     "\"a\"", "\"\"", ":",       ",",
        " ",           "\n",          "0",         "-1",    "01",    "1.",   "1.5",     "1e5 ",
        "1E+ ",        "-",           "true",      "false", "null",  "nul",  "\"\\n\"", "\"\\x\"",
        "\"\\u00e9\"", "\"\\u00g9\"", "{\"a\":1}", "[1,2]", "\"",    "\t",   "\"a\":"};
    std::mt19937 random(5);
    int valid = 0;
    for (int round = 0; round < 100'000; ++round) {
        std::string text;
        for (std::uint_fast32_t i = random() % 7; i > 0; --i) {
            text += kPieces[random() % std::size(kPieces)];
        }
        const bool expected = nlohmann::json::accept(text);
        ASSERT_EQ(walk_json(text, [](const JsonString&) {}), expected) << text;
        valid += expected ? 1 : 0;
    }
    EXPECT_GT(valid, 1000);
}

TEST(JsonWalk, TellsWhereEachStringStands) {
    std::vector<std::string> seen;
    EXPECT_TRUE(walk_json(
        R"({"a":{"b":["x",{"c":"y"},"z"]},"d":"\"w\""})", [&seen](const JsonString& string) {
            std::string line;
            for (const JsonContainer& container : string.containers) {
                line += std::string(container.name) + std::to_string(container.number) + '/';
            }
            seen.push_back(line + std::string(string.name) + '=' + string.text());
        }));
    EXPECT_EQ(seen, (std::vector<std::string>{"1/a2/b3/b=x", "1/a2/b3/b4/c=y", "1/a2/b3/b=z",
                                              "1/d=\"w\""}));
}

TEST(ResolveReference, DoesNotDoubleThePath) {
    EXPECT_EQ(resolve_reference("http://h/v1", "/v1/files/a.png"), "http://h/v1/files/a.png");
    EXPECT_EQ(resolve_reference("http://h/v1/", "/v1/files/a.png"), "http://h/v1/files/a.png");
    EXPECT_EQ(resolve_reference("http://h/v1", "/v1beta/a.png"), "http://h/v1/v1beta/a.png");
    EXPECT_EQ(resolve_reference("http://h/v1", "files/a.png"), "http://h/v1/files/a.png");
    EXPECT_EQ(resolve_reference("http://127.0.0.1:81", "/x/a.mp4?t=1%2F"),
              "http://127.0.0.1:81/x/a.mp4?t=1%2F");
}

TEST(ResolveReference, NeverLeavesTheOrigin) {
    for (const char* reference : {"//other/a.png", "\\\\other\\a", "/\\other/a", "http://other/a",
                                  "ftp://other/a", "javascript:x", "/a b", "/a\nb", "", "/"}) {
        EXPECT_THROW(static_cast<void>(resolve_reference("http://h/v1", reference)), Error)
            << reference;
    }
    EXPECT_THROW(static_cast<void>(resolve_reference("ftp://h", "/a")), Error);
    EXPECT_EQ(resolve_reference("http://h", "/@other/a"), "http://h/@other/a");
}

}  // namespace
}  // namespace editprep::transport
