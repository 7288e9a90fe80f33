#include <chrono>

#include "fault_fixture.hpp"

/// The commands against a server that misbehaves, on real sockets: each failure is told, nothing is
/// paid twice, no half file stays, and what may have been accepted is kept.
namespace editprep::testing {
namespace {

using Clock = std::chrono::steady_clock;

const char* const kInput = R"({"prompt":"p","image_size":"square"})";

class Faults : public FaultTest {
protected:
    explicit Faults(const std::string& latency = "0") : FaultTest("0", latency) {}

    [[nodiscard]] ProcessResult submit() const {
        return call("fal_client", {"submit", "fal-ai/flux/dev", kInput});
    }
    [[nodiscard]] ProcessResult edit_by_openai() const {
        return call("edit_image",
                    {"--image", "S1.png", "--prompt", "red", "--provider", "openai", "--model",
                     "gpt-image-1.5", "--timeout", "1", "--out-dir", "edits"});
    }
    [[nodiscard]] ProcessResult edit_by_fal() const {
        return call("object_select_edit", {"--image", "S1.png", "--prompt", "red", "--provider",
                                           "fal", "--out-dir", "edits"});
    }
    [[nodiscard]] ProcessResult fetch(const Arguments& added = {}) const {
        Arguments arguments{"--response-text", picture_url(), "--out-dir",
                            "fetched",         "--timeout",   "1"};
        arguments.insert(arguments.end(), added.begin(), added.end());
        return call("fetch_generated_media", arguments);
    }

    /// A picture on the emulator's CDN.
    [[nodiscard]] std::string picture_url() const {
        emulator_.clear_faults();
        const EmulatorReply reply = emulator_.send(
            "POST", "/run/fal-ai/flux/dev", {{"Authorization", "Key another:key"}},
            R"({"prompt":"for the download","image_size":"square","output_format":"png"})");
        if (fault_ != nullptr) {
            emulator_.add_fault(fault_);
        }
        return Json::parse(reply.body).at("images").at(0).at("url");
    }
};

/// The queue may have accepted the job, and the answer does not tell.
class SubmitWithoutAnswer : public Faults {};

TEST_P(SubmitWithoutAnswer, IsKeptAsUnknownAndNotSentAgain) {
    misbehave(GetParam());
    const ProcessResult result = submit();
    expect_told(result);
    EXPECT_EQ(result.out, "");
    EXPECT_NE(result.err.find("not sent again"), std::string::npos) << result.err;
    EXPECT_EQ(requests("POST", "/queue/"), 1U);
    expect_one_unknown_job();
}

INSTANTIATE_TEST_SUITE_P(Submit, SubmitWithoutAnswer,
                         ::testing::Values("drop-request", "drop-before-answer", "drop-mid-body",
                                           "short-length", "long-length", "status-500",
                                           "invalid-json", "deep-json", "huge-body"),
                         FaultName{});

/// The queue says itself that it did not take the job.
class SubmitRefused : public Faults {};

TEST_P(SubmitRefused, IsSentAgainUntilItIsTaken) {
    misbehave(GetParam());
    const ProcessResult result = submit();
    expect_success(result);
    EXPECT_EQ(requests("POST", "/queue/"), 2U);
    EXPECT_EQ(journal().at("job_count"), 1);
    EXPECT_EQ(kept_jobs().at(0).at("status"), "IN_QUEUE");
}

INSTANTIATE_TEST_SUITE_P(Submit, SubmitRefused,
                         ::testing::Values("status-429=1@POST *:1", "status-503@POST *:1",
                                           "html-error@POST *:1"),
                         FaultName{});

TEST_F(Faults, RetryAfterIsObeyed) {
    misbehave("status-429=2@POST *:1");
    const auto start = Clock::now();
    expect_success(submit());
    EXPECT_GE(Clock::now() - start, std::chrono::seconds(2));
}

TEST_F(Faults, AStormOfErrorsIsSurvivedWhereNothingIsPaid) {
    const ProcessResult submitted = submit();
    const std::string id = Json::parse(submitted.out).at("request_id");
    misbehave("status-500@GET *:2");
    const ProcessResult result = call("fal_client", {"status", "fal-ai/flux/dev", id});
    expect_success(result);
    EXPECT_EQ(Json::parse(result.out).at("status"), "COMPLETED");
    EXPECT_EQ(requests("GET", "/queue/"), 3U);
}

/// A POST is not carried to another address, and neither is the key.
class Redirect : public Faults {};

TEST_P(Redirect, OfAPaidRequestIsNotFollowed) {
    misbehave(GetParam());
    expect_told(submit());
    EXPECT_EQ(requests("POST", "/queue/"), 1U);
    expect_told(edit_by_openai());
    EXPECT_EQ(requests("POST", "/v1/"), 1U);
    EXPECT_EQ(journal().at("job_count"), 0);
}

INSTANTIATE_TEST_SUITE_P(Paid, Redirect, ::testing::Values("redirect-host", "redirect-private"),
                         FaultName{});

TEST_F(Faults, TheKeyStaysWhenAGetIsRedirected) {
    const std::string id = Json::parse(submit().out).at("request_id");
    misbehave("redirect-host@GET *:1");
    expect_told(call("fal_client", {"result", "fal-ai/flux/dev", id}));
    const Json seen = journal();
    bool arrived = false;
    for (const Json& request : seen.at("requests")) {
        for (const Json& header : request.at("headers")) {
            arrived = arrived || (header.at(0) == "Host" &&
                                  header.at(1).get<std::string>().starts_with("localhost"));
        }
        if (arrived) {
            EXPECT_EQ(request.at("headers").dump().find("Authorization"), std::string::npos);
        }
    }
}

/// A server that falls silent.
class Stall : public Faults {};

TEST_P(Stall, EndsByTheTimeLimitAndTheJobIsKept) {
    misbehave(GetParam());
    const auto start = Clock::now();
    const ProcessResult result = edit_by_openai();
    EXPECT_LT(Clock::now() - start, std::chrono::seconds(15));
    expect_told(result);
    EXPECT_TRUE(result.err.starts_with("request failed: ")) << result.err;
    EXPECT_EQ(requests("POST", "/v1/"), 1U);
    EXPECT_EQ(files_in("edits"), std::vector<std::string>{});
    expect_one_unknown_job();
}

TEST_P(Stall, EndsByASecondInterruptAndTheJobIsKept) {
    misbehave(GetParam());
    const auto start = Clock::now();
    const ProcessResult result = interrupted_while_paying(Patience::presses_again, "fal_client",
                                                          {"submit", "fal-ai/flux/dev", kInput});
    EXPECT_LT(Clock::now() - start, std::chrono::seconds(20));
    EXPECT_EQ(result.signal, SIGINT) << result.err;
    EXPECT_NE(result.err.find("the request is being paid for"), std::string::npos) << result.err;
    expect_one_unknown_job();
}

INSTANTIATE_TEST_SUITE_P(Phases, Stall,
                         ::testing::Values("stall-request@POST *", "stall-headers@POST *",
                                           "stall-body@POST *", "slow-drip=2000@POST *"),
                         FaultName{});

/// A server that takes its time, and a user who does not: what is being paid for is finished.
class InterruptedWhilePaying : public Faults {
protected:
    InterruptedWhilePaying() : Faults("2000") {}

    void expect_paid_for(const ProcessResult& result) const {
        EXPECT_NE(result.err.find("NOTE: interrupted, but the request is being paid for"),
                  std::string::npos)
            << result.err;
        EXPECT_EQ(requests("POST", "/"), 1U);
        EXPECT_EQ(journal().at("job_count"), 1);
    }

    void expect_one_job_to_collect() const {
        EXPECT_EQ(kept_jobs().size(), 1U);
        expect_success(call("fal_client", {"collect", "--out-dir", "collected"}));
        EXPECT_EQ(files_in("collected").size(), 1U);
        EXPECT_EQ(kept_jobs().size(), 0U);
    }
};

TEST_F(InterruptedWhilePaying, AnEditIsSaved) {
    const ProcessResult result =
        interrupted_while_paying(Patience::waits, "edit_image",
                                 {"--image", "S1.png", "--prompt", "red", "--provider", "openai",
                                  "--model", "gpt-image-1.5", "--out-dir", "edits"});
    expect_success(result);
    expect_paid_for(result);
    EXPECT_EQ(files_in("edits").size(), 1U);
    EXPECT_EQ(kept_jobs().size(), 0U);
}

TEST_F(InterruptedWhilePaying, ASubmittedJobIsKnown) {
    const ProcessResult result = interrupted_while_paying(Patience::waits, "fal_client",
                                                          {"submit", "fal-ai/flux/dev", kInput});
    expect_success(result);
    expect_paid_for(result);
    EXPECT_TRUE(Json::parse(result.out).contains("request_id")) << result.out;
    expect_one_job_to_collect();
}

TEST_F(InterruptedWhilePaying, NobodyWaitsForTheJobThen) {
    const ProcessResult result = interrupted_while_paying(
        Patience::waits, "fal_client", {"submit", "fal-ai/flux/dev", kInput, "--wait"});
    expect_told(result);
    expect_paid_for(result);
    EXPECT_NE(result.err.find("goes on at the provider"), std::string::npos) << result.err;
    EXPECT_EQ(requests("GET", "/queue/"), 0U);
    expect_one_job_to_collect();
}

TEST_F(InterruptedWhilePaying, ASecondSignalEndsAtOnce) {
    const ProcessResult result =
        interrupted_while_paying(Patience::presses_again, "edit_image",
                                 {"--image", "S1.png", "--prompt", "red", "--provider", "openai",
                                  "--model", "gpt-image-1.5", "--out-dir", "edits"});
    EXPECT_EQ(result.signal, SIGINT) << result.err;
    EXPECT_EQ(files_in("edits").size(), 0U);
    expect_one_unknown_job();
}

/// Answers to an edit from which no picture can come.
class EditWithoutPicture : public Faults {};

TEST_P(EditWithoutPicture, FailsOnceAndLeavesNoFile) {
    misbehave(GetParam());
    expect_told(edit_by_openai());
    EXPECT_EQ(requests("POST", "/v1/"), 1U);
    EXPECT_EQ(files_in("edits"), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(OpenAi, EditWithoutPicture,
                         ::testing::Values("drop-request", "drop-before-answer", "drop-mid-body",
                                           "short-length", "long-length", "status-500",
                                           "html-error", "invalid-json", "deep-json", "huge-body",
                                           "job-fails"),
                         FaultName{});

TEST_F(Faults, EditsAreTriedAgainWhenTheyWereRefusedForTheRate) {
    misbehave("status-429=1@POST /v1/*:1");
    expect_success(edit_by_openai());
    EXPECT_EQ(requests("POST", "/v1/"), 2U);
    EXPECT_EQ(files_in("edits").size(), 1U);
}

/// The work is done and paid, and its picture does not arrive.
class ResultLost : public Faults {};

TEST_P(ResultLost, IsToldAndCollectedLater) {
    misbehave(GetParam());
    expect_told(edit_by_fal());
    EXPECT_EQ(requests("POST", "/queue/"), 1U);
    ASSERT_EQ(kept_jobs().size(), 1U);

    behave();
    expect_success(call("fal_client", {"collect", "--out-dir", "collected"}));
    EXPECT_EQ(files_in("collected").size(), 1U);
    EXPECT_EQ(requests("POST", "/queue/"), 1U);
}

INSTANTIATE_TEST_SUITE_P(Fal, ResultLost,
                         ::testing::Values("expired-link", "drop-mid-body@GET /files/*",
                                           "long-length@GET /files/*", "status-403@GET /files/*",
                                           "redirect-private@GET /files/*"),
                         FaultName{});

TEST_F(Faults, AJobThatFailsSaysWhy) {
    misbehave("job-fails");
    const ProcessResult result = edit_by_fal();
    expect_told(result);
    EXPECT_NE((result.out + result.err).find("flagged"), std::string::npos);
    EXPECT_EQ(requests("POST", "/queue/"), 1U);
}

TEST_F(Faults, AJobThatNeverEndsStaysInTheList) {
    misbehave("never-finishes");
    const ProcessResult result =
        call("fal_client", {"submit", "fal-ai/flux/dev", kInput, "--wait", "--timeout", "1"});
    expect_told(result);
    EXPECT_NE(result.err.find("stays in the list"), std::string::npos) << result.err;
    EXPECT_EQ(kept_jobs().size(), 1U);
}

TEST_F(Faults, APictureOfAnotherSizeIsFitted) {
    misbehave("other-size=50x50");
    expect_success(edit_by_fal());
}

/// A download that goes wrong.
class Download : public Faults {};

TEST_P(Download, LeavesNoFile) {
    misbehave(GetParam());
    expect_told(fetch());
    EXPECT_EQ(files_in("fetched"), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(Files, Download,
                         ::testing::Values("drop-mid-body@GET /files/*", "long-length@GET /files/*",
                                           "expired-link", "status-403@GET /files/*",
                                           "redirect-host@GET /files/*",
                                           "redirect-private@GET /files/*"),
                         FaultName{});

TEST_F(Faults, ADownloadThatPromisesTooMuchIsRefused) {
    misbehave("huge-body@GET /files/*");
    const ProcessResult result = fetch({"--max-mb", "1"});
    expect_told(result);
    EXPECT_EQ(files_in("fetched"), std::vector<std::string>{});
}

TEST_F(Faults, ASlowDownloadEndsByAnInterruptWithoutAFile) {
    const std::string url = picture_url();
    misbehave("slow-drip=100@GET /files/*");
    const ProcessResult result =
        interrupted("1", "fetch_generated_media", {"--response-text", url, "--out-dir", "fetched"});
    EXPECT_NE(result.exit_code, 0);
    EXPECT_EQ(files_in("fetched"), std::vector<std::string>{});
}

TEST_F(Faults, AnUploadIsTriedAgainOrEnds) {
    misbehave("drop-mid-body@PUT /upload/*:1");
    expect_success(call("fal_client", {"upload", "S1.png"}));
    misbehave("status-403@PUT /upload/*");
    expect_told(call("fal_client", {"upload", "S1.png"}));
}

TEST_F(Faults, AFullDiskLeavesNoHalfFile) {
    const std::string url = picture_url();
    options_.largest_file_bytes = 1024;
    const ProcessResult result =
        call("fetch_generated_media", {"--response-text", url, "--out-dir", "fetched"});
    expect_told(result);
    EXPECT_EQ(files_in("fetched"), std::vector<std::string>{});
}

TEST_F(Faults, AFullDiskBeforeAPaidRequestStopsIt) {
    options_.largest_file_bytes = 1024;
    expect_told(edit_by_openai());
    EXPECT_EQ(requests("POST", "/v1/"), 0U);
}

TEST_F(Faults, ThePlainServerIsNoTlsServer) {
    options_.environment["EDITPREP_FAL_QUEUE_URL"] =
        "https://127.0.0.1:" + std::to_string(emulator_.port());
    const ProcessResult submitted = submit();
    expect_told(submitted);
    EXPECT_NE(submitted.err.find("TLS"), std::string::npos) << submitted.err;
    EXPECT_EQ(kept_jobs().size(), 0U);

    configure("https://127.0.0.1:" + std::to_string(emulator_.port()) + "/v1");
    const ProcessResult edited = edit_by_openai();
    expect_told(edited);
    EXPECT_TRUE(edited.err.starts_with("request failed: ")) << edited.err;
    EXPECT_EQ(files_in("edits"), std::vector<std::string>{});
}

TEST_F(Faults, ANameThatNobodyKnowsIsTold) {
    configure("https://editprep-test.invalid/v1");
    const ProcessResult result = edit_by_openai();
    expect_told(result);
    EXPECT_NE(result.err.find("request failed: "), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("editprep-test.invalid"), std::string::npos) << result.err;
}

TEST_F(Faults, ADeadServerIsTold) {
    EmulatorProcess other(std::filesystem::path(EDITPREP_BIN) / "provider_emulator");
    configure(other.url() + "/v1");
    EXPECT_EQ(other.stop(), 0);
    const ProcessResult result = edit_by_openai();
    expect_told(result);
    EXPECT_NE(result.err.find("request failed: "), std::string::npos) << result.err;
    EXPECT_EQ(kept_jobs().size(), 0U);
}

}  // namespace
}  // namespace editprep::testing
