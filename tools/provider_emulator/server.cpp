#include "tools/provider_emulator/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tools/provider_emulator/answers.hpp"
#include "tools/provider_emulator/connection.hpp"
#include "tools/provider_emulator/fault_answers.hpp"
#include "tools/shared/failure.hpp"

namespace editprep::tools::provider_emulator {
namespace {

constexpr const char* kLoopback = "127.0.0.1";
/// Many clients at once, each of which may hold a connection for long while it is stalled.
constexpr std::size_t kThreads = 128;
/// The library's own backlog of 5 makes the sixth of a crowd wait for a second.
constexpr int kBacklog = 512;
constexpr std::size_t kMaxBodyBytes = std::size_t{512} << 20;
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;
constexpr std::chrono::seconds kKeepAlive{5};
constexpr int kRequestsPerConnection = 1000;
/// How often a delay looks whether the emulator is to end.
constexpr std::chrono::milliseconds kSlice{50};

/// Carries a request's number in the journal to its handler, as the library does with addresses.
constexpr const char* kNumberHeader = "EMULATOR_REQUEST_NUMBER";

constexpr std::string_view kControl = "/_emulator/";

bool is_control(const httplib::Request& request) { return path_of(request).starts_with(kControl); }

/// Thrown where a request must not go on, and nobody is to be answered.
struct Abandoned {};

std::uint64_t number_of(const httplib::Request& request) {
    const std::string text = request.get_header_value(kNumberHeader);
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// The library waits for the end of the connection when a body has no length.
void give_length(httplib::Request& request) {
    if (!request.has_header("Content-Length") && !request.has_header("Transfer-Encoding")) {
        request.set_header("Content-Length", "0");
    }
}

}  // namespace

Server::Server(const ServerSettings& settings)
    : settings_(settings),
      files_(kMaxFileBytes),
      access_(settings.key),
      models_(settings_.models, files_, settings.answer_size, settings.echo),
      queue_({access_, models_, faults_, journal_, request_log_, stopping_}, settings.job_time),
      storage_(access_, files_, faults_),
      pricing_(access_, settings_.models),
      request_list_(access_, request_log_),
      openai_images_({access_, files_, faults_, journal_}, settings.answer_size, settings.echo),
      openai_videos_({access_, files_, faults_, journal_}, settings.job_time, settings.answer_size),
      idempotency_(stopping_) {
    new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    set_payload_max_length(kMaxBodyBytes);
    set_tcp_nodelay(true);
    // The library's own choice lets two programs share one port.
    set_socket_options([](socket_t socket) {
        const int yes = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    set_keep_alive_max_count(kRequestsPerConnection);
    register_handlers();
}

int Server::bind() {
    const int port = settings_.port == 0                       ? bind_to_any_port(kLoopback)
                     : bind_to_port(kLoopback, settings_.port) ? settings_.port
                                                               : -1;
    if (port <= 0) {
        throw Failure("cannot listen on " + std::string(kLoopback) + ':' +
                      std::to_string(settings_.port) +
                      "; another program may use that port, --port 0 takes a free one");
    }
    ::listen(svr_sock_, kBacklog);
    return port;
}

void Server::serve() {
    // Whoever waits for the end must not wait for ever where this throws.
    struct Mark {
        std::atomic<bool>& served;
        ~Mark() { served = true; }
    };
    const Mark mark{served_};
    if (!stopping_) {
        listen_after_bind();
    }
}

void Server::end() {
    stopping_ = true;
    // The library forgets a stop that comes before it listens.
    while (!served_) {
        stop();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

bool Server::process_and_close_socket(socket_t socket) {
    Connection connection(socket, stopping_);
    std::optional<Fault> fault;
    const auto set_up = [&](httplib::Request& request) {
        fault = is_control(request)
                    ? std::nullopt
                    : faults_.take(FaultStage::wire, request.method, path_of(request));
        connection.misbehave(fault);
        const std::uint64_t number =
            is_control(request) ? 0 : journal_.begin(request, fault ? fault->name : "");
        request.set_header(kNumberHeader, std::to_string(number));
        // Packing large pictures as text costs seconds and tests nothing here.
        request.headers.erase("Accept-Encoding");
        // What curl calls JSON by itself; the library would take no more than 8 KiB of it.
        if (request.get_header_value("Content-Type") == "application/x-www-form-urlencoded") {
            request.headers.erase("Content-Type");
        }
        give_length(request);
        if (fault && fault->kind == FaultKind::stall_request) {
            connection.wait_until_gone();
        }
        if (fault && (connection.over() || fault->kind == FaultKind::drop_request)) {
            throw Abandoned{};
        }
    };
    try {
        bool closed = false;
        for (int left = kRequestsPerConnection; left > 0 && !closed && !fault; --left) {
            if (!connection.wait_for_request(kKeepAlive) ||
                !process_request(connection, left == 1, closed, set_up) || connection.over()) {
                break;
            }
        }
    } catch (const Abandoned&) {
        // Closing is all the answer there is.
    }
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return true;
}

void Server::register_handlers() {
    const Handler handler = [this](const httplib::Request& request, httplib::Response& response) {
        answer(request, response);
    };
    Get("/.*", handler);
    Post("/.*", handler);
    Put("/.*", handler);
    Delete("/.*", handler);
}

void Server::answer(const httplib::Request& request, httplib::Response& response) {
    if (is_control(request)) {
        return control(request, response);
    }
    const std::uint64_t number = number_of(request);
    journal_.read(number, request);
    delay();
    const auto fault = faults_.take(FaultStage::answer, request.method, path_of(request));
    if (fault) {
        answer_for(*fault, request, response);
    } else {
        route(request, response);
    }
    journal_.finish(number, response.status, fault ? fault->name : "");
}

void Server::delay() const {
    const auto end = std::chrono::steady_clock::now() + settings_.latency;
    while (!stopping_ && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::min(settings_.latency, kSlice));
    }
}

void Server::route(const httplib::Request& request, httplib::Response& response) {
    const std::string_view path = path_of(request);
    if (path.starts_with("/run/")) {
        queue_.run(request, response);
    } else if (path.starts_with("/queue/")) {
        queue_.handle(request, response);
    } else if (path.starts_with("/rest/")) {
        storage_.initiate(request, response);
    } else if (path.starts_with("/upload/")) {
        storage_.upload(request, response);
    } else if (path.starts_with("/files/")) {
        storage_.download(request, response);
    } else if (RequestList::serves(path)) {
        request_list_.handle(request, response);
    } else if (path.starts_with("/api/v1/")) {
        pricing_.handle(request, response);
    } else if (path.starts_with("/v1/")) {
        idempotency_.answer(request, response, [&] { route_openai(request, response); });
    } else {
        answer_detail(response, 404, "Not Found");
    }
}

void Server::route_openai(const httplib::Request& request, httplib::Response& response) {
    if (OpenAiVideos::serves(path_of(request))) {
        openai_videos_.handle(request, response);
    } else {
        openai_images_.handle(request, response);
    }
}

void Server::control(const httplib::Request& request, httplib::Response& response) {
    const std::string_view page = path_of(request).substr(kControl.size());
    if (page == "journal" && request.method == "GET") {
        return answer_json(response, 200, journal_.to_json());
    }
    if (page == "faults") {
        return control_faults(request, response);
    }
    answer_detail(response, 404, "there are /_emulator/journal and /_emulator/faults");
}

void Server::control_faults(const httplib::Request& request, httplib::Response& response) {
    if (request.method == "DELETE") {
        faults_.clear();
    } else if (request.method == "POST") {
        std::istringstream lines(request.body);
        try {
            for (std::string line; std::getline(lines, line);) {
                faults_.add(line);
            }
        } catch (const std::invalid_argument& error) {
            return answer_detail(response, 400, error.what());
        }
    }
    Json entries = Json::array();
    for (const FaultPlan::Entry& entry : faults_.entries()) {
        entries.push_back({{"fault", entry.specification}, {"hits", entry.hits}});
    }
    answer_json(response, 200, {{"faults", std::move(entries)}});
}

}  // namespace editprep::tools::provider_emulator
