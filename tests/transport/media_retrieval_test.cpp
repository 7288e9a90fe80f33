#include "editprep/transport/media_retrieval.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "editprep/transport/base64.hpp"
#include "editprep/transport/error.hpp"
#include "temp_folder.hpp"
#include "test_server.hpp"

namespace editprep::transport {
namespace {

using editprep::testing::RawServer;
using editprep::testing::RecordedRequest;
using editprep::testing::Reply;
using editprep::testing::TempFolder;
using editprep::testing::TestServer;
using Kind = MediaReference::Kind;
using namespace std::string_literals;
using std::chrono::milliseconds;

const std::string kPng = "\x89PNG\r\n\x1A\n and so on, up to the end"s;
const std::string kWebp = "RIFF\x10\0\0\0WEBPVP8 "s;

std::string base64_of(const std::string& content) {
    return encode_base64(std::as_bytes(std::span(content)));
}

std::string content_of(const std::string& path) {
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
}

std::string response_head(std::size_t content_length) {
    return "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: " +
           std::to_string(content_length) + "\r\n\r\n";
}

class SaveMedia : public ::testing::Test {
protected:
    SaveMedia() {
        options_.name_file = [this](const std::string& extension) {
            return (folder_.path() / "out" / ("name" + extension)).string();
        };
        options_.reach.loopback_by_name = true;
        clock_ = system_clock(nullptr);
        clock_.sleep = [this](milliseconds time) {
            pauses_.push_back(time);
            return !cancelled_;
        };
    }

    SavedMedia save(const MediaReference& reference) {
        return save_media(reference, options_, http_, clock_);
    }
    SavedMedia save_url(const std::string& url) { return save({Kind::url, url}); }

    /// The error, whose message must hold a text; and nothing was left behind.
    Errc refusal(const MediaReference& reference, const std::string& text) {
        Errc code{};
        try {
            static_cast<void>(save(reference));
            ADD_FAILURE() << "saved";
        } catch (const Error& error) {
            EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
            code = error.errc();
        }
        EXPECT_EQ(files(), 0);
        return code;
    }
    Errc refusal(const std::string& url, const std::string& text) {
        return refusal(MediaReference{Kind::url, url}, text);
    }

    [[nodiscard]] std::ptrdiff_t files() const {
        return std::ranges::count_if(std::filesystem::recursive_directory_iterator(folder_.path()),
                                     [](const auto& entry) { return !entry.is_directory(); });
    }

    void expect_saved(const SavedMedia& saved, const std::string& name,
                      const std::string& content) const {
        EXPECT_EQ(saved.path, folder_.path() / "out" / name);
        EXPECT_EQ(saved.size_bytes, content.size());
        EXPECT_EQ(content_of(saved.path), content);
        EXPECT_EQ(files(), 1);
    }

    TempFolder folder_;
    RetrievalOptions options_;
    Clock clock_;
    HttpClient http_{HttpSettings{.user_agent = "test"}};
    std::vector<milliseconds> pauses_;
    bool cancelled_ = false;
};

TEST(ExtensionFor, PrefersWhatIsMostReliable) {
    EXPECT_EQ(extension_for("image/jpeg", "/a.png", kPng), ".jpg");
    EXPECT_EQ(extension_for("Video/MP4; codecs=\"avc1\"", "/a", ""), ".mp4");
    EXPECT_EQ(extension_for("", "/a.jpg", kPng), ".png");
    EXPECT_EQ(extension_for("application/octet-stream", "/a.jpg", kWebp), ".webp");
    EXPECT_EQ(extension_for("binary/octet-stream", "/a.MOV", "?"), ".mov");
    EXPECT_EQ(extension_for("image/avif", "/a.heif", ""), ".heif");
    EXPECT_EQ(extension_for("image/avif", "/a", ""), ".avif");
    EXPECT_EQ(extension_for("audio/mpeg", "/v1.5/sound", ""), ".mp3");
    EXPECT_EQ(extension_for("text/plain", "", kPng), ".png");
    EXPECT_EQ(extension_for("text/plain", "", "words"), ".bin");
    for (const char* path : {"/a.", "/a.ninechars", "/a.p%20g", "/a.p-g", "/.../", "/a.png/b"}) {
        EXPECT_EQ(extension_for("", path, "?"), ".bin") << path;
    }
}

TEST_F(SaveMedia, DecodesBase64) {
    expect_saved(save({Kind::base64, base64_of(kPng)}), "name.png", kPng);
}

TEST_F(SaveMedia, NamesBase64AfterItsContent) {
    std::string text = base64_of(kWebp);
    text.insert(7, "\r\n \t");
    const SavedMedia saved = save({Kind::base64, text});
    expect_saved(saved, "name.webp", kWebp);
    EXPECT_EQ(saved.media_type, "image/webp");
}

TEST_F(SaveMedia, CallsUnknownBase64Png) {
    expect_saved(save({Kind::base64, base64_of("unknown")}), "name.png", "unknown");
}

TEST_F(SaveMedia, DecodesDataUris) {
    const SavedMedia saved = save({Kind::data_uri, "data:image/avif;base64,AAAA"});
    expect_saved(saved, "name.avif", "\0\0\0"s);
    EXPECT_EQ(saved.media_type, "image/avif");
}

TEST_F(SaveMedia, DecodesDataUrisThatAreNotBase64) {
    expect_saved(save({Kind::data_uri, "data:image/svg+xml,%3Csvg%2F%3E"}), "name.svg", "<svg/>");
}

TEST_F(SaveMedia, RefusesMalformedTextWithThePosition) {
    EXPECT_EQ(refusal({Kind::base64, "QUJD*ERG"}, "position 4"), Errc::invalid_base64);
    EXPECT_EQ(refusal({Kind::data_uri, "data:image/png;base64,QU*D"},
                      "invalid data URL: unexpected character at position 2"),
              Errc::invalid_data_uri);
    EXPECT_EQ(refusal({Kind::data_uri, "data:image/png"}, "invalid data URL"),
              Errc::invalid_data_uri);
    EXPECT_EQ(refusal({Kind::data_uri, "data:image/png;base64,"}, "nothing arrived"),
              Errc::not_media);
}

TEST_F(SaveMedia, RefusesPagesAndTooMuchInBase64) {
    EXPECT_EQ(refusal({Kind::base64, base64_of("<!doctype html><p>Sorry")}, "text/html"),
              Errc::not_media);
    EXPECT_EQ(refusal({Kind::data_uri, "data:text/html;base64,QUJD"}, "text/html"),
              Errc::not_media);
    options_.max_bytes = 5;
    EXPECT_EQ(refusal({Kind::base64, base64_of("123456")}, "more than the 5 bytes"),
              Errc::too_large);
}

TEST_F(SaveMedia, DownloadsByTheUrlAsItIsWritten) {
    const TestServer server(
        [](const RecordedRequest&) { return Reply{.body = kPng, .content_type = "image/png"}; });
    options_.headers = {{"X-Trace", "1"}};
    const SavedMedia saved = save_url(server.url() + "/a%2Fb.jpg?sig=%2B&x=a+b");
    expect_saved(saved, "name.png", kPng);
    EXPECT_EQ(saved.media_type, "image/png");
    const auto requests = server.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].method, "GET");
    EXPECT_EQ(requests[0].target, "/a%2Fb.jpg?sig=%2B&x=a+b");
    EXPECT_EQ(requests[0].header("X-Trace"), "1");
    EXPECT_FALSE(requests[0].has_header("Authorization"));
}

TEST_F(SaveMedia, ResolvesRelativeReferences) {
    const TestServer server(
        [](const RecordedRequest&) { return Reply{.body = kPng, .content_type = ""}; });
    EXPECT_EQ(refusal({Kind::relative, "/v1/files/a"}, "/v1/files/a"), Errc::no_media);
    options_.origin = server.url() + "/v1";
    EXPECT_EQ(refusal({Kind::relative, "//169.254.169.254/a"}, "another host"), Errc::invalid_url);
    expect_saved(save({Kind::relative, "/v1/files/a"}), "name.png", kPng);
    EXPECT_EQ(server.requests().at(0).target, "/v1/files/a");
}

TEST_F(SaveMedia, SendsTheKeyToItsOriginOnly) {
    const auto serve = [](const RecordedRequest&) { return Reply{.body = kPng}; };
    const TestServer provider(serve);
    const TestServer other(serve);
    options_.credential = Credential{.prefix = "Bearer ", .key = Secret("canary")};
    options_.credential_origin = provider.url() + "/v1";
    static_cast<void>(save_url(other.url() + "/a"));
    std::filesystem::remove_all(folder_.path() / "out");
    static_cast<void>(save_url(provider.url() + "/a"));
    EXPECT_FALSE(other.requests().at(0).has_header("Authorization"));
    EXPECT_EQ(provider.requests().at(0).header("Authorization"), "Bearer canary");
}

TEST_F(SaveMedia, FollowsRedirectsAndKeepsTheNameThatWasAskedFor) {
    const TestServer cdn([](const RecordedRequest&) {
        return Reply{.body = "unknown", .content_type = "application/octet-stream"};
    });
    const TestServer server([&cdn](const RecordedRequest&) {
        return Reply{.status = 302, .headers = {{"Location", cdn.url() + "/blob.x"}}};
    });
    options_.headers = {{"X-Api-Key", "canary"}};
    expect_saved(save_url(server.url() + "/a.tif"), "name.tif", "unknown");
    EXPECT_FALSE(cdn.requests().at(0).has_header("X-Api-Key"));
}

TEST_F(SaveMedia, RefusesRedirectsToPrivateAddresses) {
    std::string target;
    const TestServer server([&target](const RecordedRequest&) {
        return Reply{.status = 302, .headers = {{"Location", target}}};
    });
    for (const char* url : {"http://169.254.169.254/latest/meta-data", "http://10.0.0.1/a.png",
                            "http://[fd00::1]/a.png", "http://metadata.google.internal/a"}) {
        target = url;
        EXPECT_EQ(refusal(server.url() + "/a.png", ""), Errc::address_refused) << url;
    }
    target = "file:///etc/passwd";
    EXPECT_EQ(refusal(server.url() + "/a.png", ""), Errc::invalid_url);
    target = "/a.png";
    EXPECT_EQ(refusal(server.url() + "/a.png", "circle"), Errc::invalid_response);
}

TEST_F(SaveMedia, BeginsAnewWhenADownloadBreaksOff) {
    std::atomic<int> count{0};
    const RawServer server([&count](int socket) {
        testing::read_request(socket);
        const std::size_t sent = count++ == 0 ? 20 : kPng.size();
        testing::write_all(socket, response_head(kPng.size()) + kPng.substr(0, sent));
    });
    expect_saved(save_url(server.url() + "/a"), "name.png", kPng);
    EXPECT_EQ(server.connections(), 2);
    EXPECT_EQ(pauses_.size(), 1U);
}

TEST_F(SaveMedia, NeverKeepsATruncatedFile) {
    const RawServer server([](int socket) {
        testing::read_request(socket);
        testing::write_all(socket, response_head(kPng.size() + 1) + kPng);
    });
    EXPECT_EQ(refusal(server.url() + "/a", ""), Errc::connection_lost);
    EXPECT_EQ(server.connections(), 3);
}

TEST_F(SaveMedia, GivesUpWhenCancelledBetweenAttempts) {
    const RawServer server([](int socket) {
        testing::read_request(socket);
        testing::write_all(socket, response_head(1000) + kPng);
    });
    cancelled_ = true;
    EXPECT_EQ(refusal(server.url() + "/a?secret", "cancelled: GET " + server.url() + "/a"),
              Errc::cancelled);
    EXPECT_EQ(server.connections(), 1);
}

TEST_F(SaveMedia, RefusesPages) {
    Reply reply;
    const TestServer server([&reply](const RecordedRequest&) { return reply; });
    const std::vector<Reply> pages{
        {.body = "<!DOCTYPE html><p>Not here", .content_type = "image/png"},
        {.body = "\n{\"error\":{\"message\":\"expired\"}}", .content_type = "video/mp4"},
        {.body = "Not here", .content_type = "text/html; charset=utf-8"},
        {.body = "expired", .content_type = "application/problem+json"},
        {.body = "", .content_type = "image/png"},
        {.status = 204, .body = "", .content_type = ""},
        {.body = "<html>" + std::string(100'000, ' '), .content_type = "image/png"}};
    for (const Reply& page : pages) {
        reply = page;
        EXPECT_EQ(refusal(server.url() + "/a.png?token=1", server.url() + "/a.png"),
                  Errc::not_media)
            << page.body.substr(0, 100);
    }
    // Media that a server calls a page are media.
    reply = {.body = kPng, .content_type = "text/html"};
    expect_saved(save_url(server.url() + "/a"), "name.png", kPng);
}

TEST_F(SaveMedia, ReportsAStatusWithoutTheQuery) {
    int status = 404;
    const TestServer server([&status](const RecordedRequest&) {
        return Reply{.status = status, .body = "<html>", .content_type = "text/html"};
    });
    EXPECT_EQ(
        refusal(server.url() + "/a.png?sig=s", "404 Not Found for " + server.url() + "/a.png"),
        Errc::http_status);
    status = 418;
    EXPECT_EQ(refusal(server.url() + "/a.png", "418 "), Errc::http_status);
    status = 304;
    EXPECT_EQ(refusal(server.url() + "/a.png", "304 "), Errc::http_status);
    EXPECT_TRUE(pauses_.empty());
}

TEST_F(SaveMedia, TriesAgainWhenTheServerAsksForIt) {
    int calls = 0;
    const TestServer server([&calls](const RecordedRequest&) {
        if (++calls == 1) {
            return Reply{.status = 503, .headers = {{"Retry-After", "2"}}};
        }
        return Reply{.body = kPng, .content_type = "image/png"};
    });
    expect_saved(save_url(server.url() + "/a"), "name.png", kPng);
    EXPECT_EQ(pauses_, std::vector{milliseconds(2000)});
}

TEST_F(SaveMedia, BoundsTheSize) {
    const RawServer promising([](int socket) {
        testing::read_request(socket);
        testing::write_all(socket, response_head(std::size_t{2} << 40) + kPng);
    });
    EXPECT_EQ(refusal(promising.url() + "/a", "too large"), Errc::too_large);
    EXPECT_EQ(promising.connections(), 1);

    const RawServer endless([](int socket) {
        testing::read_request(socket);
        testing::write_all(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
        while (testing::write_all(socket, chunk)) {
        }
    });
    options_.max_bytes = 1 << 20;
    EXPECT_EQ(refusal(endless.url() + "/a", "too large"), Errc::too_large);
}

TEST_F(SaveMedia, ReplacesNoFile) {
    const std::string path = options_.name_file(".png");
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << "mine";
    try {
        static_cast<void>(save({Kind::base64, base64_of(kPng)}));
        ADD_FAILURE() << "saved";
    } catch (const Error& error) {
        EXPECT_EQ(error.errc(), Errc::write_failed);
        EXPECT_EQ(error.what(), "cannot write " + path + ": File exists");
    }
    EXPECT_EQ(content_of(path), "mine");
    EXPECT_EQ(files(), 1);
}

TEST_F(SaveMedia, SaysThatAFolderCannotBeMade) {
    options_.name_file = [](const std::string& extension) { return "/dev/null/x/a" + extension; };
    EXPECT_EQ(refusal({Kind::base64, base64_of(kPng)}, "cannot write to the folder /dev/null/x"),
              Errc::write_failed);
}

TEST_F(SaveMedia, StreamsIntoThePathsFolder) {
    const std::string large(8 << 20, 'x');
    const TestServer server([&large](const RecordedRequest&) {
        return Reply{.body = large, .content_type = "video/webm"};
    });
    std::vector<std::uint64_t> shown;
    options_.progress = [&shown](const Progress& progress) {
        shown.push_back(progress.received_bytes);
    };
    expect_saved(save_url(server.url() + "/a"), "name.webm", large);
    const auto permissions = std::filesystem::status(options_.name_file(".webm")).permissions();
    EXPECT_NE(permissions & std::filesystem::perms::group_read, std::filesystem::perms::none);
    EXPECT_TRUE(std::ranges::is_sorted(shown));
}

}  // namespace
}  // namespace editprep::transport
