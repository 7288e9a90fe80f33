#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "editprep/transport/http.hpp"
#include "http_support.hpp"
#include "temp_folder.hpp"
#include "test_server.hpp"

/// Who gets to see what: keys, redirects, addresses, proxies, certificates.
namespace editprep::transport {
namespace {

using namespace editprep::testing;

constexpr const char* kCanary = "canary-id:canary-secret";

HttpRequest with_key(HttpRequest request) {
    request.credential = {.header = "Authorization", .prefix = "Key ", .key = Secret(kCanary)};
    return request;
}

/// The same server under another name, and so another origin.
std::string as_localhost(const TestServer& server) {
    return "http://localhost:" + std::to_string(server.port());
}

Reply redirect(int status, const std::string& location) {
    return {.status = status, .body = "moved", .headers = {{"Location", location}}};
}

// --- keys ---

TEST(HttpTrust, SendsTheKeyInItsHeader) {
    TestServer server([](const RecordedRequest&) { return Reply{}; });
    HttpClient client({});
    HttpRequest request = with_key(get(server.url()));
    request.headers = {{"authorization", "Bearer other"}};
    EXPECT_EQ(client.send(request).status, 200);
    const RecordedRequest seen = server.requests().front();
    EXPECT_EQ(seen.header("Authorization"), "Key canary-id:canary-secret");
    EXPECT_EQ(std::ranges::count_if(seen.headers,
                                    [](const auto& header) {
                                        return header.first == "Authorization" ||
                                               header.first == "authorization";
                                    }),
              1);
}

TEST(HttpTrust, SendsNoKeyOverPlainHttp) {
    const HttpRequest request = with_key(get("http://nowhere.invalid/x?signature=canary"));
    const Error error = error_of(request);
    EXPECT_EQ(error.errc(), Errc::insecure_url);
    EXPECT_FALSE(contains(error.what(), "canary"));
    EXPECT_EQ(error_of(request, {.allow_insecure = true}).errc(), Errc::connection_failed);
    EXPECT_EQ(error_of(with_key(get("http://127.0.0.1.nowhere.invalid/"))).errc(),
              Errc::insecure_url);
}

TEST(HttpTrust, AKeyWithALineEndIsNotShown) {
    HttpRequest request = get("http://127.0.0.1:1/");
    request.credential = {.key = Secret("canary\nX-Other: 1")};
    const Error error = error_of(request);
    EXPECT_EQ(error.errc(), Errc::invalid_argument);
    EXPECT_FALSE(contains(error.what(), "canary"));
}

// --- redirects ---

TEST(HttpTrust, ARedirectIsAResponseUnlessItIsToBeFollowed) {
    TestServer server([](const RecordedRequest&) { return redirect(302, "/other"); });
    HttpClient client({});
    const HttpResponse response = client.send(get(server.url()));
    EXPECT_EQ(response.status, 302);
    EXPECT_EQ(response.header("Location"), "/other");
    EXPECT_EQ(response.body, "moved");
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST(HttpTrust, FollowsWithinTheOriginWithEverything) {
    for (const int status : {301, 302, 303, 307, 308}) {
        TestServer server([&](const RecordedRequest& request) {
            return request.target == "/a?q" ? redirect(status, "b c?d") : Reply{.body = "there"};
        });
        HttpClient client({});
        HttpRequest request = with_key(get(server.url() + "/a?q"));
        request.headers = {{"X-Own", "1"}};
        request.max_redirects = 1;
        std::string taken;
        request.sink = [&](std::span<const std::byte> piece) {
            taken.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        };
        const HttpResponse response = client.send(request);
        EXPECT_EQ(response.url, server.url() + "/b%20c?d");
        EXPECT_EQ(taken, "there");
        EXPECT_EQ(server.requests().back().header("Authorization"), std::string("Key ") + kCanary);
        EXPECT_EQ(server.requests().back().header("X-Own"), "1");
    }
}

TEST(HttpTrust, AnotherOriginSeesNeitherTheKeyNorTheCallersHeaders) {
    TestServer other([](const RecordedRequest& request) {
        return request.target == "/back" ? redirect(302, request.header("Accept")) : Reply{};
    });
    TestServer server([&](const RecordedRequest& request) {
        return request.target == "/" ? redirect(302, other.url() + "/back") : Reply{};
    });
    HttpClient client({.user_agent = "editprep"});
    HttpRequest request = with_key(get(server.url()));
    // The other server sends the client back to where this says.
    request.headers = {{"Accept", server.url() + "/end"},
                       {"Range", "bytes=0-9"},
                       {"X-Own", "canary"},
                       {"Cookie", "canary"},
                       {"api-key", "canary"}};
    request.max_redirects = 5;
    EXPECT_EQ(client.send(request).url, server.url() + "/end");
    ASSERT_EQ(other.requests().size(), 1U);
    ASSERT_EQ(server.requests().size(), 2U);
    for (const RecordedRequest& seen : {other.requests().front(), server.requests().back()}) {
        for (const auto& [name, value] : seen.headers) {
            EXPECT_FALSE(contains(value, "canary")) << name;
        }
        EXPECT_EQ(seen.header("Range"), "bytes=0-9");
        EXPECT_EQ(seen.header("User-Agent"), "editprep");
    }
}

TEST(HttpTrust, AnotherNameOrPortIsAnotherOrigin) {
    TestServer other([](const RecordedRequest&) { return Reply{}; });
    TestServer server([&](const RecordedRequest& request) {
        return request.target == "/name" ? redirect(302, as_localhost(other)) : Reply{};
    });
    HttpClient client({});
    HttpRequest request = with_key(get(server.url() + "/name"));
    request.max_redirects = 1;
    EXPECT_EQ(client.send(request).status, 200);
    EXPECT_FALSE(other.requests().front().has_header("Authorization"));
}

TEST(HttpTrust, APostBecomesAGetWhereTheStatusSaysSo) {
    for (const int status : {301, 302, 303}) {
        TestServer server([&](const RecordedRequest& request) {
            return request.method == "POST" ? redirect(status, "/") : Reply{};
        });
        HttpClient client({});
        HttpRequest request = post(server.url() + "/", "{}");
        request.max_redirects = 1;
        EXPECT_EQ(client.send(request).status, 200);
        const RecordedRequest seen = server.requests().back();
        EXPECT_EQ(seen.method, "GET");
        EXPECT_EQ(seen.body, "");
        EXPECT_FALSE(seen.has_header("Content-Type"));
        EXPECT_FALSE(seen.has_header("Content-Length"));
    }
}

TEST(HttpTrust, APostIsSentAgainToTheSameOriginOnly) {
    for (const int status : {307, 308}) {
        TestServer other([](const RecordedRequest&) { return Reply{}; });
        TestServer server([&](const RecordedRequest& request) {
            if (request.target == "/same") {
                return redirect(status, "/end");
            }
            return request.target == "/other" ? redirect(status, other.url()) : Reply{};
        });
        HttpClient client({});
        HttpRequest request = post(server.url() + "/same", "{\"a\":1}");
        request.max_redirects = 1;
        EXPECT_EQ(client.send(request).status, 200);
        EXPECT_EQ(server.requests().back().method, "POST");
        EXPECT_EQ(server.requests().back().body, "{\"a\":1}");
        request.url = server.url() + "/other";
        EXPECT_EQ(error_of(request).errc(), Errc::invalid_response);
        EXPECT_TRUE(other.requests().empty());
    }
}

TEST(HttpTrust, RedirectsHaveAnEnd) {
    TestServer server([](const RecordedRequest& request) {
        if (request.target.starts_with("/round")) {
            return redirect(302, request.target == "/round1" ? "/round2" : "/round1");
        }
        return redirect(302, request.target + "x?signature=canary");
    });
    HttpRequest request = get(server.url() + "/round1");
    request.max_redirects = 30;
    const Error circle = error_of(request);
    EXPECT_EQ(circle.errc(), Errc::invalid_response);
    EXPECT_TRUE(contains(circle.what(), "circle")) << circle.what();
    EXPECT_LE(server.requests().size(), 3U);

    request.url = server.url() + "/a";
    request.max_redirects = 4;
    const Error chain = error_of(request);
    EXPECT_EQ(chain.errc(), Errc::invalid_response);
    EXPECT_TRUE(contains(chain.what(), "more than 4 redirects")) << chain.what();
    EXPECT_FALSE(contains(chain.what(), "canary")) << chain.what();
}

TEST(HttpTrust, RedirectsLeadToHttpOnly) {
    for (const char* location :
         {"file:///etc/passwd", "ftp://127.0.0.1/", "http://user@127.0.0.1/"}) {
        TestServer server([&](const RecordedRequest&) { return redirect(302, location); });
        HttpRequest request = get(server.url());
        request.max_redirects = 3;
        EXPECT_EQ(error_of(request).errc(), Errc::invalid_url) << location;
    }
}

// --- addresses ---

TEST(HttpTrust, StrangersAreNotLedToThisMachine) {
    TestServer server([](const RecordedRequest&) { return Reply{}; });
    HttpRequest request = get(server.url());
    request.reach = {};
    EXPECT_EQ(error_of(request).errc(), Errc::address_refused);
    request.url = as_localhost(server);
    EXPECT_EQ(error_of(request).errc(), Errc::address_refused);
    EXPECT_TRUE(server.requests().empty());

    HttpClient client({});
    request.reach.loopback_by_name = true;
    EXPECT_EQ(client.send(request).status, 200);
    request.reach = {.trusted_hosts = {"LOCALHOST"}};
    EXPECT_EQ(client.send(request).status, 200);
}

TEST(HttpTrust, EveryRedirectIsChecked) {
    TestServer server([](const RecordedRequest& request) {
        return redirect(302, "http://" + request.target.substr(1));
    });
    for (const char* target :
         {"10.0.0.1/", "169.254.169.254/latest", "[fe80::1]/", "printer.local/", "167772161/",
          "[::ffff:10.0.0.1]/", "192.168.1.1:8080/?signature=canary"}) {
        HttpRequest request = get(server.url() + "/" + target);
        request.max_redirects = 3;
        request.reach = {.loopback_by_name = true};
        const Error error = error_of(request);
        EXPECT_EQ(error.errc(), Errc::address_refused) << target;
        EXPECT_FALSE(contains(error.what(), "canary"));
    }
}

/// The stranger is played by a proxy, which answers for any name.
TEST(HttpTrust, TheLoopbackIsOutOfReachOnceAStrangerLeadsThere) {
    TestServer here([](const RecordedRequest&) { return Reply{}; });
    TestServer proxy([&](const RecordedRequest&) { return redirect(302, here.url()); });
    HttpRequest request = get("http://stranger.invalid/");
    request.max_redirects = 3;
    request.reach = {.loopback_by_name = true};
    EXPECT_EQ(error_of(request, {.http_proxy = proxy.url()}).errc(), Errc::address_refused);
    EXPECT_EQ(proxy.requests().size(), 1U);
    EXPECT_TRUE(here.requests().empty());
}

// --- proxies ---

TEST(HttpTrust, UsesTheProxyForOtherHosts) {
    TestServer proxy([](const RecordedRequest&) { return Reply{.body = "by proxy"}; });
    HttpClient client({.http_proxy = proxy.url(), .no_proxy = "exempt.invalid"});
    EXPECT_EQ(client.send(get("http://far.invalid/x?y")).body, "by proxy");
    EXPECT_EQ(proxy.requests().front().target, "http://far.invalid/x?y");

    EXPECT_EQ(
        error_of([&] { static_cast<void>(client.send(get("http://a.exempt.invalid/"))); }).errc(),
        Errc::connection_failed);
    TestServer server([](const RecordedRequest&) { return Reply{.body = "direct"}; });
    EXPECT_EQ(client.send(get(server.url())).body, "direct");
    EXPECT_EQ(proxy.requests().size(), 1U);
}

TEST(HttpTrust, NoKeyReachesAProxyThatDoesNotOpenTheWay) {
    std::string seen;
    RawServer proxy([&](int socket) {
        seen = read_request(socket);
        write_all(socket, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    });
    const Error error = error_of(with_key(get("https://far.invalid/?signature=canary")),
                                 {.user_agent = "editprep", .https_proxy = proxy.url()});
    EXPECT_EQ(error.errc(), Errc::connection_failed) << error.what();
    EXPECT_TRUE(contains(error.what(), "proxy")) << error.what();
    EXPECT_TRUE(seen.starts_with("CONNECT far.invalid:443 ")) << seen;
    EXPECT_FALSE(contains(seen, "canary"));

    const Error absent =
        error_of(get("https://far.invalid/"), {.https_proxy = "http://127.0.0.1:1"});
    EXPECT_EQ(absent.errc(), Errc::connection_failed);
    EXPECT_TRUE(contains(absent.next_step(), "proxy")) << absent.next_step();
}

// --- certificates ---

TEST(HttpTrust, RefusesACertificateThatNobodyTrusts) {
    const TlsServer server;
    const Error error = error_of(with_key(get(server.url())));
    EXPECT_EQ(error.errc(), Errc::tls_failed);
    EXPECT_TRUE(contains(error.what(), "certificate is not trusted")) << error.what();
    EXPECT_TRUE(contains(error.next_step(), "CA bundle"));
}

TEST(HttpTrust, TakesTheCaBundleInThePlaceOfTheSystems) {
    const TlsServer server;
    const TempFolder folder;
    const std::string bundle = (folder / "ca.pem").string();
    std::ofstream(bundle) << server.certificate();
    HttpClient client({.ca_bundle = bundle});
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(client.send(with_key(get(server.url()))).body, R"({"secure":true})");
    }

    const std::string broken = (folder / "broken.pem").string();
    std::ofstream(broken) << "no certificate";
    for (const std::string& path : {broken, (folder / "absent.pem").string()}) {
        const Error error = error_of(get(server.url()), {.ca_bundle = path});
        EXPECT_EQ(error.errc(), Errc::tls_failed);
        EXPECT_TRUE(contains(error.what(), path)) << error.what();
    }
}

TEST(HttpTrust, ARedirectFromHttpsToHttpIsRefused) {
    TestServer plain([](const RecordedRequest&) { return Reply{}; });
    const TlsServer server;
    const TempFolder folder;
    const std::string bundle = (folder / "ca.pem").string();
    std::ofstream(bundle) << server.certificate();
    HttpRequest request = get(server.url() + "/?" + plain.url() + "/x");
    request.max_redirects = 3;
    EXPECT_EQ(error_of(request, {.ca_bundle = bundle}).errc(), Errc::insecure_url);
    EXPECT_TRUE(plain.requests().empty());
}

}  // namespace
}  // namespace editprep::transport
