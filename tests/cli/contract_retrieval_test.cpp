#include "command_fixture.hpp"
#include "editprep/transport/base64.hpp"
#include "test_server.hpp"

/// Cases C95 to C108: finding media in a response and saving it.
namespace editprep::testing {
namespace {

constexpr const char* kCommand = "fetch_generated_media";
constexpr const char* kNoMedia = "no media reference found in response";

std::string base64_of(const std::string& content) {
    return transport::encode_base64(std::as_bytes(std::span(content)));
}

class ContractRetrieval : public CommandTest {
protected:
    ContractRetrieval()
        : png_(content_of(file("S1.png"))),
          server_([this](const RecordedRequest& request) { return answer(request); }) {}

    [[nodiscard]] ProcessResult fetch(const std::string& text, Arguments more = {}) const {
        more.insert(more.begin(), {"--out-dir", "fo", "--response-text", text});
        return run(kCommand, more);
    }

    [[nodiscard]] std::string at(const std::string& path) const { return server_.url() + path; }

    /// One file of that content, whose path alone was printed and fits the pattern.
    void expect_saved(const ProcessResult& result, const std::string& path_pattern,
                      const std::string& content) const {
        expect_success(result);
        EXPECT_EQ(result.err, "");
        expect_matches(result.out, path_pattern + "\n");
        EXPECT_EQ(new_files(), lines_of(result.out));
        ASSERT_FALSE(result.out.empty());
        EXPECT_EQ(content_of(file(lines_of(result.out)[0])), content);
    }

    void expect_target(const std::string& target) const {
        const auto requests = server_.requests();
        ASSERT_EQ(requests.size(), 1U);
        EXPECT_EQ(requests[0].method, "GET");
        EXPECT_EQ(requests[0].target, target);
    }

    [[nodiscard]] std::vector<RecordedRequest> requests() const { return server_.requests(); }
    [[nodiscard]] const std::string& png() const noexcept { return png_; }

private:
    [[nodiscard]] Reply answer(const RecordedRequest& request) const {
        const std::string path = request.target.substr(0, request.target.find('?'));
        if (path.ends_with("missing.png")) {
            return {.status = 404, .body = "no", .content_type = "text/plain"};
        }
        if (path.ends_with("jpeg.png")) {
            return {.body = png_, .content_type = "image/jpeg"};
        }
        const bool clip = path.ends_with(".mp4");
        return {.body = png_, .content_type = clip ? "video/mp4" : "image/png"};
    }

    std::string png_;
    TestServer server_;
};

TEST_F(ContractRetrieval, C95Base64InJson) {
    expect_saved(fetch(R"({"data":[{"b64_json":")" + base64_of(png()) + "\"}]}"),
                 "fo/generated_[0-9a-f]{8}\\.png", png());
}

TEST_F(ContractRetrieval, C96DataUri) {
    expect_saved(fetch("data:image/png;base64," + base64_of(png())),
                 "fo/generated_[0-9a-f]{8}\\.png", png());
}

TEST_F(ContractRetrieval, C97DataUriOfARarerType) {
    expect_saved(fetch("data:image/avif;base64,AAAA"), "fo/generated_[0-9a-f]{8}\\.avif",
                 std::string(3, '\0'));
}

TEST_F(ContractRetrieval, C98Base64WinsOverAUrl) {
    expect_saved(fetch(R"({"data":[{"url":")" + at("/a.png") + R"("},{"b64_json":")" +
                       base64_of(png()) + "\"}]}"),
                 "fo/generated_[0-9a-f]{8}\\.png", png());
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractRetrieval, C99RelativeSource) {
    expect_saved(
        fetch(R"(<video><source src="/x/generated_video.mp4"></video>)", {"--origin", at("")}),
        "fo/generated_[0-9a-f]{8}\\.mp4", png());
    expect_target("/x/generated_video.mp4");
}

TEST_F(ContractRetrieval, C100RelativeWithoutOrigin) {
    expect_failure(fetch("![image](/v1/files/q.png)"),
                   "relative media path found but --origin was not provided: /v1/files/q.png");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(ContractRetrieval, C101FirstOfTwoUrls) {
    expect_saved(fetch("see " + at("/media/a.png") + ", and " + at("/media/b.png")),
                 "fo/generated_[0-9a-f]{8}\\.png", png());
    expect_target("/media/a.png");
}

TEST_F(ContractRetrieval, C102QueryIsSent) {
    expect_saved(fetch(at("/media/clip.mp4?tok=1")), "fo/generated_[0-9a-f]{8}\\.mp4", png());
    expect_target("/media/clip.mp4?tok=1");
}

TEST_F(ContractRetrieval, C103MediaTypeWins) {
    expect_saved(fetch(at("/media/jpeg.png")), "fo/generated_[0-9a-f]{8}\\.jpg", png());
}

TEST_F(ContractRetrieval, C104WhatTheOlderCommandMissed) {
    std::string escaped = at("/media/e.png");
    for (std::size_t i = 0; (i = escaped.find('/', i)) != std::string::npos; i += 2) {
        escaped.insert(i, "\\");
    }
    for (const std::string& text :
         {R"({"url":")" + escaped + "\"}", at("/media/U.PNG"), at("/media/none")}) {
        SCOPED_TRACE(text);
        const ProcessResult result = fetch(text);
        expect_success(result);
        expect_matches(result.out, "fo/generated_[0-9a-f]{8}\\.png\n");
    }
    EXPECT_EQ(new_files().size(), 3U);
}

TEST_F(ContractRetrieval, C105NoReference) {
    expect_failure(fetch("nothing here"), kNoMedia);
    expect_failure(fetch(""), kNoMedia);
    EXPECT_TRUE(new_files().empty());
    EXPECT_FALSE(std::filesystem::exists(file("fo")));
}

TEST_F(ContractRetrieval, C106MissingFile) {
    expect_failure(fetch(at("/missing.png?signature=s")),
                   "ERROR: 404 Not Found for " + at("/missing.png"));
    EXPECT_TRUE(new_files().empty());
}

TEST_F(ContractRetrieval, C107ExactlyOneResponse) {
    const ProcessResult both = fetch("x", {"--response-file", "y"});
    const ProcessResult neither = run(kCommand, {"--out-dir", "fo"});
    for (const ProcessResult* result : {&both, &neither}) {
        EXPECT_EQ(result->exit_code, 2);
        EXPECT_EQ(result->out, "");
        EXPECT_NE(result->err.find("fetch_generated_media: error: "), std::string::npos);
    }
}

TEST_F(ContractRetrieval, C108HeaderWithoutColon) {
    expect_failure(fetch(at("/a.png"), {"--header", "Foo"}), "invalid --header value: Foo");
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractRetrieval, HeadersAreSentAndNeverShown) {
    const ProcessResult saved =
        fetch(at("/a.png"), {"--header", "X-Key: canary", "--header=Accept:image/*"});
    expect_success(saved);
    EXPECT_EQ(requests().at(0).header("X-Key"), "canary");
    EXPECT_EQ(requests().at(0).header("Accept"), "image/*");
    EXPECT_FALSE(requests().at(0).has_header("Authorization"));
    expect_failure(fetch(at("/a.png"), {"--header", "X Key: canary"}),
                   "invalid --header value: X Key");
    expect_failure(fetch(at("/a.png"), {"--header", "X-Key: canary\r\nHost: h"}),
                   "invalid --header value: X-Key");
    const ProcessResult missing = fetch(at("/missing.png"), {"--header", "X-Key: canary"});
    EXPECT_EQ(missing.err.find("canary"), std::string::npos);
}

TEST_F(ContractRetrieval, ReadsResponsesFromFilesAndStandardInput) {
    write_text(file("response.json"), R"({"images":[{"url":")" + at("/a.png") + "\"}]}");
    for (const char* name : {"response.json", "-"}) {
        const ProcessResult result =
            run(kCommand, {"--out-dir", "./fo//", "--response-file", name, "--prefix", "x"},
                {.input = file("response.json")});
        expect_success(result);
        expect_matches(result.out, "fo/x_[0-9a-f]{8}\\.png\n");
    }
    EXPECT_EQ(new_files().size(), 3U);
}

TEST_F(ContractRetrieval, SaysWhatCannotBeRead) {
    const auto read = [this](const std::string& path) {
        return run(kCommand, {"--out-dir", "fo", "--response-file", path});
    };
    expect_failure(read("./none.json"), "response file not found: none.json");
    expect_failure(read("."), "cannot read .: Is a directory");
}

TEST_F(ContractRetrieval, SavesEveryResultWhenAsked) {
    const ProcessResult result = fetch(R"({"images":[{"url":")" + at("/a.png") + R"("},{"url":")" +
                                           at("/b.mp4") + R"("},{"url":")" + at("/a.png") + "\"}]}",
                                       {"--all", "--quiet"});
    expect_success(result);
    expect_matches(result.out, "fo/generated_[0-9a-f]{8}\\.png\nfo/generated_[0-9a-f]{8}\\.mp4\n");
    EXPECT_EQ(new_files().size(), 2U);
}

TEST_F(ContractRetrieval, TellsWhatWasSavedBeforeAFailure) {
    const ProcessResult result =
        fetch("![image](" + at("/a.png") + ") ![image](" + at("/missing.png") + ")", {"--all"});
    EXPECT_EQ(result.exit_code, 1);
    expect_matches(result.out, "fo/generated_[0-9a-f]{8}\\.png\n");
    EXPECT_EQ(result.err, "ERROR: 404 Not Found for " + at("/missing.png") + "\n");
}

TEST_F(ContractRetrieval, RefusesNamesThatLeaveTheFolder) {
    for (const char* prefix : {"../x", "sub/x", "..", "a\nb"}) {
        const ProcessResult result = fetch(at("/a.png"), {"--prefix", prefix});
        expect_error_line(result, "^invalid --prefix: ");
    }
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractRetrieval, MakesFoldersOfAnyName) {
    const std::string folder = "tief/Ordner mit Umläuten/画像";
    expect_saved(run(kCommand, {"--out-dir", folder, "--response-text", at("/a.png")}),
                 folder + "/generated_[0-9a-f]{8}\\.png", png());
}

TEST_F(ContractRetrieval, LeavesNothingBehindOnAFullDisk) {
    const std::string text = "data:image/png;base64," + base64_of(std::string(60'000, 'x'));
    const ProcessResult result =
        run(kCommand, {"--out-dir", "fo", "--response-text", text}, {.largest_file_bytes = 10'000});
    expect_error_line(result, "^ERROR: cannot write to the folder fo: File too large; free space");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(ContractRetrieval, RefusesPrivateAddressesUnlessTheUserNamesThem) {
    for (const char* url : {"http://169.254.169.254/latest/a.png", "http://10.0.0.1/a.png",
                            "http://[fe80::1]/a.png", "http://100.64.0.1/a.png"}) {
        expect_error_line(fetch(url), "^ERROR: refusing to reach http://");
    }
}

TEST_F(ContractRetrieval, RefusesRedirectsToPrivateAddresses) {
    const TestServer redirecting([](const RecordedRequest&) {
        return Reply{.status = 302, .headers = {{"Location", "http://169.254.169.254/a.png"}}};
    });
    expect_error_line(fetch(redirecting.url() + "/a.png"),
                      "^ERROR: refusing to reach http://169.254.169.254");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(ContractRetrieval, RefusesReferencesToOtherHosts) {
    for (const char* text :
         {R"({"url":"//169.254.169.254/a.png"})", R"({"url":"/\\169.254.169.254/a.png"})"}) {
        const ProcessResult result = fetch(text, {"--origin", at("/v1")});
        EXPECT_EQ(result.exit_code, 1);
        EXPECT_NE(result.err.find("another host"), std::string::npos) << result.err;
    }
    EXPECT_TRUE(requests().empty());
}

TEST_F(ContractRetrieval, RefusesPagesAndCutDownloads) {
    const TestServer pages([](const RecordedRequest&) {
        return Reply{.body = "<!DOCTYPE html><title>Sorry</title>", .content_type = "image/png"};
    });
    expect_error_line(fetch(pages.url() + "/a.png"), "^ERROR: .* gave a page \\(text/html\\)");
    const RawServer cut([](int socket) {
        read_request(socket);
        write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n\x89PNG\r\n\x1A\n");
    });
    const ProcessResult result = fetch(cut.url() + "/a.png");
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(lines_of(result.err).at(0).rfind("request failed: ", 0), 0U) << result.err;
    EXPECT_TRUE(new_files().empty());
}

TEST_F(ContractRetrieval, BoundsTheSizeOfAFile) {
    const RawServer server([](int socket) {
        read_request(socket);
        write_all(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n\x89PNG\r\n\x1A\n");
    });
    expect_error_line(fetch(server.url() + "/a.png", {"--max-mb", "1"}), "^ERROR: .*too large");
    EXPECT_TRUE(new_files().empty());
}

TEST_F(ContractRetrieval, TakesAHugeAnswer) {
    const std::string film = png() + std::string(40'000'000, '\x5A');
    write_text(file("response.json"), R"({"data":[{"b64_json":")" + base64_of(film) + "\"}]}");
    const ProcessResult result =
        run(kCommand, {"--out-dir", "fo", "--response-file", "response.json"});
    expect_success(result);
    std::filesystem::remove(file("response.json"));
    expect_saved(result, "fo/generated_[0-9a-f]{8}\\.png", film);
}

TEST_F(ContractRetrieval, SurvivesDeepJson) {
    write_text(file("deep.json"), std::string(100'000, '[') + std::string(100'000, ']'));
    expect_failure(run(kCommand, {"--out-dir", "fo", "--response-file", "deep.json"}), kNoMedia);
}

TEST_F(ContractRetrieval, NamesThePositionOfForeignCharacters) {
    expect_error_line(fetch(R"({"data":[{"b64_json":"QUJD*A=="}]})"), "position 4");
    expect_error_line(fetch("data:image/png;base64,QU*D"), "^invalid data URL: .* position 2$");
    expect_error_line(fetch(R"({"url":"data:image/png"})"), "^invalid data URL");
    EXPECT_TRUE(new_files().empty());
}

}  // namespace
}  // namespace editprep::testing
