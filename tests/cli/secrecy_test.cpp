#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>

#include "fal_fixture.hpp"

/// A canary in the place of the key: it goes into the Authorization header and nowhere else, also
/// when a server repeats it.
namespace editprep::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kCanary = "canary-id-0123:canary-secret-456789";
constexpr const char* kSecretHalf = "canary-secret-456789";

class Secrecy : public FalTest {
protected:
    Secrecy() { environment_["FAL_KEY"] = kCanary; }

    void expect_no_canary(const ProcessResult& result) const {
        EXPECT_THAT(result.out, Not(HasSubstr(kSecretHalf)));
        EXPECT_THAT(result.err, Not(HasSubstr(kSecretHalf)));
        for (const std::string& name : new_files()) {
            EXPECT_THAT(content_of(file(name)), Not(HasSubstr(kSecretHalf))) << name;
            EXPECT_THAT(name, Not(HasSubstr(kSecretHalf)));
        }
    }
};

TEST_F(Secrecy, NoCommandShowsTheKey) {
    answer_json("POST /some/model", R"({"request_id":"r1"})");
    answer_json("GET /some/model/requests/r1/status", R"({"status":"COMPLETED"})");
    answer_json("GET /some/model/requests/r1", R"({"images":[]})");
    for (const Arguments& arguments : std::vector<Arguments>{
             {"check-key"},
             {"submit", "some/model", "{}", "--dry-run"},
             {"submit", "some/model", "{}"},
             {"submit", "some/model", "{}", "--wait"},
             {"run", "some/model", "{}", "--dry-run"},
             {"status", "some/model", "r1"},
             {"result", "some/model", "r1"},
             {"cancel", "some/model", "r1"},
             {"list"},
             {"collect"},
             {"poll"},
             {"upload", "S1.png"},
             {"estimate", "fal-ai/nano-banana-pro", "{}", "--online"},
         }) {
        SCOPED_TRACE(arguments.front());
        expect_no_canary(fal(arguments));
    }
    EXPECT_FALSE(requests().empty());
}

TEST_F(Secrecy, NotEvenWhereAServerRepeatsIt) {
    const std::string header = std::string("Key ") + kCanary;
    for (const std::string& echo : {header, std::string(kCanary), std::string(kSecretHalf)}) {
        SCOPED_TRACE(echo);
        const std::string detail = R"({"detail":"no user for )" + echo + R"("})";
        answer("POST /some/model", {.status = 401, .body = detail});
        expect_no_canary(fal({"submit", "some/model", "{}"}));
        expect_no_canary(fal({"run", "some/model", "{}"}));

        answer("GET /some/model/requests/r1/status", {.status = 401, .body = detail});
        answer("GET /some/model/requests/r1", {.status = 401, .body = detail});
        answer("PUT /some/model/requests/r1/cancel", {.status = 401, .body = detail});
        answer("POST /storage/upload/initiate", {.status = 401, .body = detail});
        submit("r1");
        for (const Arguments& arguments : std::vector<Arguments>{{"status", "some/model", "r1"},
                                                                 {"result", "some/model", "r1"},
                                                                 {"cancel", "some/model", "r1"},
                                                                 {"upload", "S1.png"},
                                                                 {"poll"},
                                                                 {"list"}}) {
            SCOPED_TRACE(arguments.front());
            expect_no_canary(fal(arguments));
        }
        answer_json("GET /some/model/requests/r1/status",
                    R"({"status":"COMPLETED","error":"refused )" + echo + R"("})");
        expect_no_canary(fal({"poll"}));
        answer_json("GET /some/model/requests/r1/status", R"({"status":"COMPLETED"})");
        answer_json("GET /some/model/requests/r1", R"({"authorization":")" + echo + R"("})");
        submit("r1");
        expect_no_canary(fal({"poll"}));
    }
}

/// The command lines of all processes of this machine.
std::string command_lines() {
    std::string all;
    std::error_code gone;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
        all += content_of(entry.path() / "cmdline") + '\n';
    }
    return all;
}

TEST_F(Secrecy, NoCommandLineHoldsTheKey) {
    std::atomic<bool> arrived{false};
    std::promise<void> seen;
    auto may_answer = seen.get_future().share();
    const RawServer slow([&](int socket) {
        static_cast<void>(read_request(socket));
        arrived = true;
        may_answer.wait();
        write_all(socket,
                  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                  "19\r\n\r\n{\"request_id\":\"r1\"}");
    });
    environment_["EDITPREP_FAL_QUEUE_URL"] = slow.url();
    auto running = std::async(std::launch::async, [this] {
        return fal({"submit", "some/model", "{}"});
    });
    while (!arrived &&
           running.wait_for(std::chrono::milliseconds(2)) == std::future_status::timeout) {
    }
    const std::string lines = command_lines();
    seen.set_value();
    expect_success(running.get());
    EXPECT_THAT(lines, HasSubstr("fal_client"));
    EXPECT_THAT(lines, Not(HasSubstr(kSecretHalf)));
}

TEST_F(Secrecy, TheStoreIsTheUsersAlone) {
    submit("r1");
    const auto mode = std::filesystem::status(file("state/jobs.db")).permissions();
    EXPECT_EQ(mode & std::filesystem::perms::all,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace editprep::testing
