#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <vector>

#include "editprep/transport/error.hpp"
#include "editprep/transport/fal.hpp"
#include "fake_clock.hpp"
#include "http_support.hpp"
#include "temp_folder.hpp"
#include "test_server.hpp"

namespace editprep::transport {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::error_of;
using testing::FakeClock;
using testing::RecordedRequest;
using testing::Reply;
using testing::TestServer;

constexpr const char* kKey = "id:canary-secret";
constexpr std::uint64_t kMaxWholeBytes = 94'371'840;
constexpr std::uint64_t kPartBytes = 10'485'760;

/// A client whose rest host is `url`.
class FalUser {
public:
    explicit FalUser(const std::string& url)
        : client_(http_, clock_.clock(), {.rest_url = url}, Secret(kKey)) {}

    FalClient* operator->() { return &client_; }
    [[nodiscard]] const FakeClock& clock() const { return clock_; }

    /// The error of uploading some bytes.
    Error upload_error() {
        return error_of([&] { static_cast<void>(client_.upload(text_body("bytes"), {})); });
    }

private:
    FakeClock clock_;
    HttpClient http_{HttpSettings{}};
    FalClient client_;
};

/// fal's storage: gives a place on itself, answers `replies` to the PUTs in turn, then 200.
class Storage {
public:
    explicit Storage(std::vector<Reply> replies = {}, std::string upload_url = {})
        : replies_(std::move(replies)),
          upload_url_(std::move(upload_url)),
          server_([this](const RecordedRequest& request) { return answer(request); }) {}

    [[nodiscard]] std::string url() const { return server_.url(); }
    [[nodiscard]] std::vector<RecordedRequest> requests() const { return server_.requests(); }

private:
    Reply answer(const RecordedRequest& request) {
        if (request.method == "POST") {
            const std::string own = server_.url() + "/put/a%2Fb?sig=x%2F%2B%3d&e=1";
            const json place{{"upload_url", upload_url_.empty() ? own : upload_url_},
                             {"file_url", "https://v3.fal.media/files/a/b.png"}};
            return {.body = place.dump()};
        }
        return answered_ < replies_.size() ? replies_[answered_++] : Reply{};
    }

    std::vector<Reply> replies_;
    std::size_t answered_ = 0;
    std::string upload_url_;
    TestServer server_;
};

TEST(FalUpload, AsksForAPlaceAndPutsTheBytesThere) {
    const Storage storage;
    FalUser user(storage.url());
    EXPECT_EQ(user->upload(text_body("bytes"), {.media_type = "image/png", .file_name = "a.png"}),
              "https://v3.fal.media/files/a/b.png");
    const auto requests = storage.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(requests[0].method, "POST");
    EXPECT_EQ(requests[0].target, "/storage/upload/initiate?storage_type=fal-cdn-v3");
    EXPECT_EQ(requests[0].header("Authorization"), std::string("Key ") + kKey);
    EXPECT_EQ(requests[0].header("Content-Type"), "application/json");
    EXPECT_EQ(json::parse(requests[0].body),
              (json{{"content_type", "image/png"}, {"file_name", "a.png"}}));
    EXPECT_FALSE(requests[0].has_header("X-Fal-Object-Lifecycle"));
    EXPECT_EQ(requests[1].method, "PUT");
    EXPECT_EQ(requests[1].target, "/put/a%2Fb?sig=x%2F%2B%3d&e=1");
    EXPECT_EQ(requests[1].header("Content-Type"), "image/png");
    EXPECT_FALSE(requests[1].has_header("Authorization"));
    EXPECT_EQ(requests[1].body, "bytes");
}

TEST(FalUpload, SaysHowLongTheFileIsKept) {
    const Storage storage;
    FalUser user(storage.url());
    static_cast<void>(user->upload(text_body("x"), {.expires_in = parse_fal_expiry("1h")}));
    static_cast<void>(user->upload(text_body("x"), {.expires_in = parse_fal_expiry("never")}));
    EXPECT_EQ(storage.requests()[0].header("X-Fal-Object-Lifecycle"),
              R"({"expiration_duration_seconds":3600})");
    EXPECT_FALSE(storage.requests()[1].has_header("X-Fal-Object-Lifecycle"));
    EXPECT_FALSE(storage.requests()[2].has_header("X-Fal-Object-Lifecycle"));
}

TEST(FalUpload, NamesWhatHasNoName) {
    const testing::TempFolder folder;
    const std::string path = (folder / "picture \"1\".bin").string();
    std::ofstream(path) << "\x89PNG\r\n\x1A\n0000IHDR";
    const Storage storage;
    FalUser user(storage.url());
    static_cast<void>(user->upload(path, {}));
    static_cast<void>(user->upload(text_body("\xFF\xD8\xFF\xE0 0000"), {}));
    static_cast<void>(user->upload(text_body(""), {}));
    const auto requests = storage.requests();
    ASSERT_EQ(requests.size(), 6U);
    EXPECT_EQ(json::parse(requests[0].body),
              (json{{"content_type", "image/png"}, {"file_name", "picture \"1\".bin"}}));
    EXPECT_EQ(requests[1].header("Content-Type"), "image/png");
    EXPECT_EQ(json::parse(requests[2].body),
              (json{{"content_type", "image/jpeg"}, {"file_name", "1790000000000.jpeg"}}));
    EXPECT_EQ(json::parse(requests[4].body)["content_type"], "application/octet-stream");
    EXPECT_EQ(requests[5].header("Content-Length"), "0");
}

TEST(FalUpload, GivesTheKeyToFalAlone) {
    const TestServer elsewhere([](const RecordedRequest&) { return Reply{}; });
    const Storage storage({}, elsewhere.url() + "/bucket?sig=1");
    FalUser user(storage.url());
    static_cast<void>(user->upload(text_body("bytes"), {}));
    const std::vector<RecordedRequest> requests = elsewhere.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].target, "/bucket?sig=1");
    for (const auto& [name, value] : requests[0].headers) {
        EXPECT_EQ(value.find("canary"), std::string::npos) << name;
    }
}

TEST(FalUpload, PutsTheBytesToSafeUrlsOnly) {
    for (const auto& [url, expected] :
         std::map<std::string, Errc>{{"http://storage.example/x", Errc::insecure_url},
                                     {"ftp://storage.example/x", Errc::invalid_url},
                                     {"/relative", Errc::invalid_url},
                                     {"https://user@storage.example/x", Errc::invalid_url},
                                     {"https://10.0.0.1/x", Errc::address_refused},
                                     {"https://169.254.169.254/latest", Errc::address_refused}}) {
        const Storage storage({}, url);
        FalUser user(storage.url());
        EXPECT_EQ(user.upload_error().errc(), expected) << url;
    }
}

TEST(FalUpload, RefusesAnAnswerWithoutAPlace) {
    for (const char* body : {"", "<html>", "{}", "[]", R"({"upload_url":"https://a/b"})",
                             R"({"upload_url":1,"file_url":2})"}) {
        const TestServer server([body](const RecordedRequest&) { return Reply{.body = body}; });
        FalUser user(server.url());
        EXPECT_EQ(user.upload_error().errc(), Errc::invalid_response) << body;
        EXPECT_EQ(server.requests().size(), 1U);
    }
}

TEST(FalUpload, TellsWhyFalRefuses) {
    const TestServer server([](const RecordedRequest&) {
        return Reply{.status = 403, .body = R"({"detail":"User is locked."})"};
    });
    FalUser user(server.url());
    const Error error = user.upload_error();
    EXPECT_EQ(error.errc(), Errc::http_status);
    EXPECT_TRUE(testing::contains(error.what(), "HTTP 403, User is locked.")) << error.what();
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST(FalUpload, AsksAgainForAPlace) {
    int asked = 0;
    const TestServer server([&](const RecordedRequest&) {
        return ++asked < 4 ? Reply{.status = 503} : Reply{.status = 400, .body = "{}"};
    });
    FalUser user(server.url());
    EXPECT_EQ(user.upload_error().errc(), Errc::http_status);
    EXPECT_EQ(asked, 4);
}

TEST(FalUpload, PutsTheBytesThreeTimesAtMost) {
    const Storage storage({{.status = 500}, {.status = 503}});
    FalUser user(storage.url());
    static_cast<void>(user->upload(text_body("bytes"), {}));
    const auto requests = storage.requests();
    ASSERT_EQ(requests.size(), 4U);
    EXPECT_EQ(requests[3].body, "bytes");

    const Storage broken({{.status = 500}, {.status = 500}, {.status = 500}});
    FalUser other(broken.url());
    EXPECT_EQ(other.upload_error().errc(), Errc::http_status);
    EXPECT_EQ(broken.requests().size(), 4U);

    const Storage denied({{.status = 403, .body = "<Error>expired</Error>"}});
    FalUser third(denied.url());
    EXPECT_EQ(third.upload_error().errc(), Errc::http_status);
    EXPECT_EQ(denied.requests().size(), 2U);
}

TEST(FalUpload, NeedsAFileThatCanBeRead) {
    const Storage storage;
    FalUser user(storage.url());
    EXPECT_EQ(error_of([&] { static_cast<void>(user->upload("/no/such/file", {})); }).errc(),
              Errc::read_failed);
    EXPECT_TRUE(storage.requests().empty());
}

/// Every byte tells its position, so that a part from the wrong place shows.
class NumberedBody final : public BodySource {
public:
    explicit NumberedBody(std::uint64_t size) : size_(size) {}

    [[nodiscard]] std::uint64_t size_bytes() const override { return size_; }
    [[nodiscard]] std::size_t read(std::span<std::byte> buffer) override {
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size_ - position_));
        for (std::byte& byte : buffer.first(count)) {
            byte = byte_at(position_++);
        }
        read_bytes_ += count;
        return count;
    }
    void rewind() override { position_ = 0; }

    [[nodiscard]] static std::byte byte_at(std::uint64_t position) {
        return static_cast<std::byte>((position >> 20) * 7 + (position >> 8) + position % 251);
    }
    [[nodiscard]] std::uint64_t read_bytes() const { return read_bytes_; }

private:
    std::uint64_t size_;
    std::uint64_t position_ = 0;
    std::uint64_t read_bytes_ = 0;
};

/// Fal's storage for large files, which looks at what it is sent and keeps none of it.
class LargeStorage {
public:
    /// @param failures how often the second part is answered 500 before it is taken
    /// @param numbered whether the content is a NumberedBody's
    explicit LargeStorage(int failures = 0, bool numbered = true)
        : failures_(failures),
          numbered_(numbered),
          server_([this](int socket) { serve(socket); }) {}

    [[nodiscard]] std::string url() const { return server_.url(); }
    struct Seen {
        /// "PUT /path?query" with the size of the body behind it.
        std::vector<std::string> requests;
        std::vector<std::string> heads;
        std::string last_json;
        int wrong_bytes = 0;
    };
    [[nodiscard]] Seen seen() const {
        const std::lock_guard lock(mutex_);
        return seen_;
    }

private:
    void serve(int socket) {
        std::string pending;
        while (true) {
            std::size_t end = 0;
            while ((end = pending.find("\r\n\r\n")) == std::string::npos) {
                if (!receive(socket, pending)) {
                    return;
                }
            }
            const std::string head = pending.substr(0, end + 2);
            pending.erase(0, end + 4);
            const std::string reply = take_request(socket, head, pending);
            if (reply.empty() || !testing::write_all(socket, reply)) {
                return;
            }
        }
    }

    static bool receive(int socket, std::string& text) {
        std::array<char, 64 << 10> piece;
        const ssize_t count = ::recv(socket, piece.data(), piece.size(), 0);
        text.append(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        return count > 0;
    }

    std::string take_request(int socket, const std::string& head, std::string& pending) {
        const std::string target = head.substr(0, head.find(" HTTP/"));
        const std::size_t mark = head.find("Content-Length: ");
        const std::uint64_t size = std::stoull(head.substr(mark + 16));
        const bool is_json = head.starts_with("POST");
        const std::size_t slash = target.rfind('/', target.find('?'));
        const std::uint64_t begin =
            is_json ? 0 : (std::stoull(target.substr(slash + 1)) - 1) * kPartBytes;
        std::uint64_t taken = 0;
        while (true) {
            const auto count =
                static_cast<std::size_t>(std::min<std::uint64_t>(pending.size(), size - taken));
            look_at(std::string_view(pending).substr(0, count), begin + taken, is_json);
            pending.erase(0, count);
            taken += count;
            if (taken == size) {
                break;
            }
            if (!receive(socket, pending)) {
                return {};
            }
        }
        const std::lock_guard lock(mutex_);
        seen_.requests.push_back(target + " " + std::to_string(size));
        seen_.heads.push_back(head);
        return answer(target, slash);
    }

    void look_at(std::string_view piece, std::uint64_t position, bool is_json) {
        const std::lock_guard lock(mutex_);
        if (is_json) {
            seen_.last_json.erase(static_cast<std::size_t>(position));
            seen_.last_json += piece;
        } else if (numbered_) {
            for (const char c : piece) {
                seen_.wrong_bytes += static_cast<std::byte>(c) != NumberedBody::byte_at(position++);
            }
        }
    }

    std::string answer(const std::string& target, std::size_t slash) {
        if (target.find("/initiate-multipart") != std::string::npos) {
            return ok({{"upload_url", server_.url() + "/up/f%20x?sig=a%2Fb"},
                       {"file_url", "https://v3.fal.media/files/large"}});
        }
        if (target.find("/complete") != std::string::npos) {
            return ok(json::object());
        }
        const std::string number = target.substr(slash + 1, target.find('?') - slash - 1);
        if (number == "2" && failures_-- > 0) {
            return "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";
        }
        return ok({{"partNumber", std::stoi(number)}, {"etag", "\"etag" + number + "\""}});
    }

    static std::string ok(const json& body) {
        const std::string text = body.dump();
        return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" +
               text;
    }

    int failures_;
    bool numbered_;
    mutable std::mutex mutex_;
    Seen seen_;
    testing::RawServer server_;
};

TEST(FalMultipartUpload, SendsPartsOfTenMebibytes) {
    const LargeStorage storage;
    FalUser user(storage.url());
    const auto content = std::make_shared<NumberedBody>(kMaxWholeBytes + 1);
    std::uint64_t sent = 0;
    bool went_back = false;
    const std::string url = user->upload(content, {.media_type = "video/mp4",
                                                   .file_name = "a.mp4",
                                                   .expires_in = 60s,
                                                   .progress = [&](const Progress& progress) {
                                                       went_back =
                                                           went_back || progress.sent_bytes < sent;
                                                       sent = progress.sent_bytes;
                                                   }});
    EXPECT_EQ(url, "https://v3.fal.media/files/large");
    std::vector<std::string> expected{
        "POST /storage/upload/initiate-multipart?storage_type=fal-cdn-v3 48"};
    json parts = json::array();
    for (int number = 1; number <= 9; ++number) {
        expected.push_back("PUT /up/f%20x/" + std::to_string(number) + "?sig=a%2Fb 10485760");
        parts.push_back(
            {{"partNumber", number}, {"etag", "\"etag" + std::to_string(number) + "\""}});
    }
    expected.emplace_back("PUT /up/f%20x/10?sig=a%2Fb 1");
    parts.push_back({{"partNumber", 10}, {"etag", "\"etag10\""}});
    const LargeStorage::Seen seen = storage.seen();
    const std::string& complete = seen.last_json;
    expected.push_back("POST /up/f%20x/complete?sig=a%2Fb " + std::to_string(complete.size()));
    EXPECT_EQ(seen.requests, expected);
    EXPECT_EQ(json::parse(complete), (json{{"parts", parts}}));
    EXPECT_EQ(seen.wrong_bytes, 0);
    EXPECT_EQ(content->read_bytes(), content->size_bytes());
    EXPECT_EQ(sent, content->size_bytes());
    EXPECT_FALSE(went_back);

    ASSERT_EQ(seen.heads.size(), 12U);
    EXPECT_TRUE(testing::contains(seen.heads[0], "X-Fal-Object-Lifecycle: {"));
    for (std::size_t i = 1; i < seen.heads.size(); ++i) {
        EXPECT_FALSE(testing::contains(seen.heads[i], "Authorization")) << i;
        EXPECT_EQ(testing::contains(seen.heads[i], "Content-Type"), i == 11) << i;
    }
}

TEST(FalMultipartUpload, RepeatsAPartThatFailed) {
    const LargeStorage storage(/*failures=*/2);
    FalUser user(storage.url());
    static_cast<void>(user->upload(std::make_shared<NumberedBody>(kMaxWholeBytes + 1),
                                   {.media_type = "video/mp4"}));
    EXPECT_EQ(storage.seen().requests.size(), 14U);
    EXPECT_EQ(storage.seen().wrong_bytes, 0);
    EXPECT_EQ(user.clock().pauses().size(), 2U);
}

TEST(FalMultipartUpload, GivesUpWithThePart) {
    const LargeStorage storage(/*failures=*/3);
    FalUser user(storage.url());
    EXPECT_EQ(
        error_of([&] {
            static_cast<void>(user->upload(std::make_shared<NumberedBody>(kMaxWholeBytes + 1), {}));
        }).errc(),
        Errc::http_status);
    EXPECT_TRUE(storage.seen().requests.back().starts_with("PUT /up/f%20x/2?"));
}

/// VmHWM, which starts again from what is in use now.
std::uint64_t peak_memory_kib(bool start_again) {
    if (start_again) {
        std::ofstream("/proc/self/clear_refs") << '5';
    }
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            return std::stoull(line.substr(6));
        }
    }
    return 0;
}

TEST(FalMultipartUpload, ReadsAFileInBoundedMemory) {
    const testing::TempFolder folder;
    const std::string path = (folder / "clip.mp4").string();
    std::ofstream(path).close();
    std::filesystem::resize_file(path, 95 << 20);
    const LargeStorage storage(/*failures=*/0, /*numbered=*/false);
    FalUser user(storage.url());
    const std::uint64_t before = peak_memory_kib(/*start_again=*/true);
    EXPECT_EQ(user->upload(path, {}), "https://v3.fal.media/files/large");
    EXPECT_LT(peak_memory_kib(/*start_again=*/false) - before, 32U << 10);
    EXPECT_EQ(storage.seen().requests.size(), 12U);
}

TEST(FalMultipartUpload, StartsAboveNinetyMebibytes) {
    const testing::TempFolder folder;
    const std::string path = (folder / "clip.mp4").string();
    std::ofstream(path).close();
    std::filesystem::resize_file(path, kMaxWholeBytes);
    const Storage storage;
    FalUser user(storage.url());
    static_cast<void>(user->upload(path, {}));
    ASSERT_EQ(storage.requests().size(), 2U);
    EXPECT_EQ(storage.requests()[1].body.size(), kMaxWholeBytes);
}

TEST(FalMultipartUpload, NeedsAnEtagForEveryPart) {
    const TestServer server([](const RecordedRequest& request) {
        const json place{{"upload_url", "http://" + request.header("Host") + "/up"},
                         {"file_url", "https://v3.fal.media/files/x"}};
        return Reply{.body = request.method == "POST" ? place.dump() : "{}"};
    });
    FalUser user(server.url());
    EXPECT_EQ(
        error_of([&] {
            static_cast<void>(user->upload(std::make_shared<NumberedBody>(kMaxWholeBytes + 1), {}));
        }).errc(),
        Errc::invalid_response);
    EXPECT_EQ(server.requests().size(), 2U);
}

}  // namespace
}  // namespace editprep::transport
