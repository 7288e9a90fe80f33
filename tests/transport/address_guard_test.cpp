#include "address_guard.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "editprep/transport/error.hpp"

namespace editprep::transport {
namespace {

TEST(AddressGuard, KnowsPublicAddresses) {
    for (const char* address :
         {"1.1.1.1",         "8.8.8.8",        "9.255.255.255",   "11.0.0.0",
          "100.63.255.255",  "100.128.0.0",    "126.255.255.255", "128.0.0.0",
          "169.253.255.255", "172.15.255.255", "172.32.0.0",      "192.167.255.255",
          "192.169.0.0",     "198.17.255.255", "198.20.0.0",      "223.255.255.255",
          "2606:4700::1111", "2a00:1450::1",   "::ffff:8.8.8.8",  "64:ff9b::808:808"}) {
        EXPECT_TRUE(is_public_address(address)) << address;
    }
}

TEST(AddressGuard, KnowsEveryOtherKind) {
    for (const char* address : {"0.0.0.0",
                                "0.1.2.3",
                                "10.0.0.1",
                                "10.255.255.255",
                                "100.64.0.1",
                                "100.127.255.255",
                                "127.0.0.1",
                                "127.255.255.255",
                                "169.254.169.254",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.0.0.8",
                                "192.0.2.1",
                                "192.88.99.1",
                                "192.168.0.1",
                                "198.18.0.1",
                                "198.19.255.255",
                                "198.51.100.1",
                                "203.0.113.1",
                                "224.0.0.1",
                                "239.1.2.3",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "::ffff:127.0.0.1",
                                "::ffff:10.0.0.1",
                                "::ffff:169.254.169.254",
                                "::127.0.0.1",
                                "64:ff9b::7f00:1",
                                "64:ff9b::a00:1",
                                "64:ff9b:1::1",
                                "100::1",
                                "2001::1",
                                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                                "2001:db8::1",
                                "2002:7f00:1::1",
                                "2002:808:808::1",
                                "3fff::1",
                                "4000::1",
                                "fc00::1",
                                "fd12:3456::1",
                                "fe80::1",
                                "fe80::1%eth0",
                                "fec0::1",
                                "ff02::1"}) {
        EXPECT_FALSE(is_public_address(address)) << address;
    }
}

TEST(AddressGuard, TakesNoOtherTextForAnAddress) {
    for (const char* text : {"", "x", "1.1.1", "1.1.1.1.1", "2130706433", "0x7f000001",
                             "017700000001", "1.1.1.1 ", "1.1.1.256", "[::1]", "example.com"}) {
        EXPECT_FALSE(is_public_address(text)) << text;
    }
}

TEST(AddressGuard, KnowsLocalNames) {
    for (const char* name :
         {"localhost", "LOCALHOST.", "a.localhost", "printer.local", "metadata.google.internal",
          "internal", "router.home.arpa", "nas.lan"}) {
        EXPECT_TRUE(is_local_name(name)) << name;
    }
    for (const char* name :
         {"example.com", "local.example.com", "mylocal", "internal.example.org"}) {
        EXPECT_FALSE(is_local_name(name)) << name;
    }
}

Errc refusal_of(const std::string& url, const LookUpBounds& bounds = {}) {
    try {
        static_cast<void>(public_addresses(parse_url(url), bounds));
        return Errc{};
    } catch (const Error& error) {
        EXPECT_EQ(std::string(error.what()).find("canary"), std::string::npos);
        return error.errc();
    }
}

/// The resolver reads decimal, hexadecimal and octal forms as addresses, so they count as such.
TEST(AddressGuard, RefusesEveryWayToWriteThisMachine) {
    for (const char* url :
         {"http://127.0.0.1/?canary", "http://2130706433/", "http://0x7f000001/",
          "http://017700000001/", "http://0177.0.0.1/", "http://127.1/", "http://0/",
          "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://localhost/",
          "http://x.localhost/", "http://169.254.169.254/latest/meta-data", "http://10.1.2.3/"}) {
        EXPECT_EQ(refusal_of(url), Errc::address_refused) << url;
    }
}

TEST(AddressGuard, ReturnsPublicLiteralsAsTheyAre) {
    EXPECT_EQ(public_addresses(parse_url("http://8.8.8.8:80/"), {}),
              std::vector<std::string>{"8.8.8.8"});
    EXPECT_EQ(public_addresses(parse_url("http://[2606:4700::1111]/"), {}),
              std::vector<std::string>{"2606:4700::1111"});
}

TEST(AddressGuard, UnknownNamesAreNoConnection) {
    EXPECT_EQ(refusal_of("http://nowhere.invalid/"), Errc::connection_failed);
}

TEST(AddressGuard, LookUpsEndWhenToldTo) {
    const std::atomic<bool> raised = true;
    EXPECT_EQ(refusal_of("http://nowhere.invalid/", {.deadline = {}, .cancel = &raised}),
              Errc::cancelled);
    EXPECT_EQ(refusal_of("http://nowhere.invalid/",
                         {.deadline = std::chrono::steady_clock::now(), .cancel = nullptr}),
              Errc::connection_failed);
}

TEST(AddressGuard, ReadsListsOfHosts) {
    const auto listed = [](const char* host, std::string_view list) {
        return is_listed_host(parse_url("http://" + std::string(host) + "/"), list);
    };
    EXPECT_TRUE(listed("a.example.com", "x, example.com"));
    EXPECT_TRUE(listed("example.com", ".EXAMPLE.com"));
    EXPECT_TRUE(listed("example.com:8080", "example.com:8080"));
    EXPECT_TRUE(listed("anything", "*"));
    EXPECT_TRUE(listed("10.1.2.3", "10.0.0.0/8"));
    EXPECT_TRUE(listed("10.1.2.3", "192.168.0.0/16 10.1.2.3"));
    EXPECT_TRUE(listed("[::1]", "[::1]"));
    EXPECT_TRUE(listed("[fd00::5]", "fd00::/8"));
    EXPECT_FALSE(listed("notexample.com", "example.com"));
    EXPECT_FALSE(listed("example.com:80", "example.com:8080"));
    EXPECT_FALSE(listed("11.1.2.3", "10.0.0.0/8"));
    EXPECT_FALSE(listed("10.1.2.3", "10.0.0.0/x,10.0.0.0/99,2.3"));
    EXPECT_FALSE(listed("example.com", ""));
    EXPECT_FALSE(listed("example.com", " ,, ,."));
}

}  // namespace
}  // namespace editprep::transport
