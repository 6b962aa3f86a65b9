/* SPDX-License-Identifier: BSD-3-Clause
 * Copyright (c) 2026 The dpdk-tph authors
 */

/* TPH as telemetry tells it, through the socket that clients use. */

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <rte_eal.h>

#include "fake_lcore.h"
#include "fake_log.h"
#include "fake_port.h"
#include "suites.h"
#include "test.h"

#define NB_QUEUES 4
/* An lcore that a test makes, on a CPU. */
#define LCORE 100
#define CPU 11

#define ANSWER_MAX (16 * 1024)

static const struct rte_eth_tph_conf auto_conf = { .mode = RTE_TPH_MODE_AUTO };

static struct test_tph_port port;
static int sock = -1;
static char answer[ANSWER_MAX + 1];

static int
answer_read(void)
{
	ssize_t len = read(sock, answer, ANSWER_MAX);

	if (len < 0)
		return -1;
	answer[len] = '\0';
	return 0;
}

static int
telemetry_connect(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int len;

	len = snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/dpdk_telemetry.v2",
			rte_eal_get_runtime_dir());
	if (len < 0 || (size_t)len >= sizeof(addr.sun_path))
		return -1;
	sock = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	if (sock < 0 || connect(sock, (struct sockaddr *)&addr, sizeof(addr)) != 0)
		return -1;
	/* The server introduces itself. */
	return answer_read();
}

static int
telemetry_setup(void)
{
	if (!test_tph_lcores_available())
		return TEST_SKIPPED;
	TEST_ASSERT_SUCCESS(telemetry_connect(), "no telemetry: %s", strerror(errno));
	test_tph_lcores_set(LCORE, CPU, 2);
	TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test0", &test_tph_ops), "no port");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES),
		"cannot configure");
	return TEST_SUCCESS;
}

static void
telemetry_teardown(void)
{
	test_tph_port_destroy(&port);
	if (sock >= 0)
		close(sock);
	sock = -1;
	test_tph_lcores_restore();
}

static int
ask(const char *command)
{
	return write(sock, command, strlen(command)) == (ssize_t)strlen(command) ? 0 : -1;
}

/* Check what a command answers. */
static int
answer_check(const char *name, const char *params, const char *expected)
{
	char command[128], whole[1024];

	snprintf(command, sizeof(command), params == NULL ? "%s" : "%s,%s", name, params);
	snprintf(whole, sizeof(whole), "{\"%s\":%s}", name, expected);
	TEST_ASSERT_SUCCESS(ask(command), "cannot ask");
	TEST_ASSERT_SUCCESS(answer_read(), "no answer");
	TEST_ASSERT_EQUAL(strcmp(answer, whole), 0, "%s\nanswers  %s\nexpected %s", command,
		answer, whole);
	return TEST_SUCCESS;
}

static int
port_answer_check(const char *expected)
{
	char params[16], whole[512];

	snprintf(params, sizeof(params), "%u", port.port_id);
	snprintf(whole, sizeof(whole), "{\"port_id\":%u,%s}", port.port_id, expected);
	return answer_check("/ethdev/tph", params, whole);
}

static int
queue_answer_check(const char *dir, uint16_t queue_id, const char *expected)
{
	char params[32], whole[512];

	snprintf(params, sizeof(params), "%u,%s,%u", port.port_id, dir, queue_id);
	snprintf(whole, sizeof(whole), "{\"port_id\":%u,\"dir\":\"%s\",\"queue_id\":%u,%s}",
		port.port_id, dir, queue_id, expected);
	return answer_check("/ethdev/tph_queue", params, whole);
}

#define PORT_CAPS "\"rx_objects\":[\"desc\",\"header\",\"payload\"]," \
	"\"tx_objects\":[\"desc\",\"payload\"],\"table\":\"capability\",\"table_size\":64," \
	"\"st_bits\":8,\"platform\":1,\"when\":\"live\",\"follow\":\"none\""

#define PORT_DISABLED "\"modes\":[],\"mode\":\"none\",\"rx_objects\":[],\"tx_objects\":[]," \
	"\"table\":\"none\",\"table_size\":0,\"st_bits\":0,\"platform\":0," \
	"\"when\":\"live\",\"follow\":\"none\",\"rx_applied\":[],\"rx_pending\":[],\"rx_failed\":[]," \
	"\"rx_unbinding\":[],\"tx_applied\":[],\"tx_pending\":[],\"tx_failed\":[]," \
	"\"tx_unbinding\":[]"

static int
test_port(void)
{
	/* What would have to be asked of the driver is not told. */
	TEST_ASSERT_SUCCESS(port_answer_check(PORT_DISABLED), "never enabled");

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE), "bind");
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 2, LCORE), "bind");
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_TX, 3, LCORE), "bind");
	TEST_ASSERT_SUCCESS(port_answer_check("\"modes\":[\"iv\",\"ds\"],\"mode\":\"ds\","
		PORT_CAPS ",\"rx_applied\":[],\"rx_pending\":[0,2],\"rx_failed\":[],\"rx_unbinding\":[],"
		"\"tx_applied\":[],\"tx_pending\":[3],\"tx_failed\":[],\"tx_unbinding\":[]"), "stopped");

	port.fail[TEST_TPH_APPLY] = -EIO;
	port.fail_bad_only = true;
	port.bad[RTE_ETH_TPH_RX][2] = true;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	test_tph_port_calls_reset(&port);
	TEST_ASSERT_SUCCESS(port_answer_check("\"modes\":[\"iv\",\"ds\"],\"mode\":\"ds\","
		PORT_CAPS ",\"rx_applied\":[0],\"rx_pending\":[],\"rx_failed\":[2],\"rx_unbinding\":[],"
		"\"tx_applied\":[3],\"tx_pending\":[],\"tx_failed\":[],\"tx_unbinding\":[]"), "started");
	TEST_ASSERT_EQUAL(port.calls[TEST_TPH_INFO_GET], 0, "driver called");
	return TEST_SUCCESS;
}

static int
test_queue(void)
{
	TEST_ASSERT_SUCCESS(queue_answer_check("rx", 0, "\"status\":\"unbound\""), "disabled");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 0, LCORE), "bind");
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_TX, 3, LCORE + 1), "bind");
	TEST_ASSERT_SUCCESS(queue_answer_check("rx", 0, "\"status\":\"pending\",\"error\":\"\","
		"\"target\":\"lcore\",\"lcore_id\":100,\"cpu_id\":11,\"mem\":\"volatile\","
		"\"st\":75,\"st_bits\":8,\"stale\":0,"
		"\"objects\":[\"desc\",\"header\",\"payload\"],\"hw_st\":0,\"hw_objects\":[]"),
		"pending");
	TEST_ASSERT_SUCCESS(queue_answer_check("rx", 3, "\"status\":\"unbound\""), "Rx");

	port.fail[TEST_TPH_APPLY] = -EIO;
	port.fail_bad_only = true;
	port.bad[RTE_ETH_TPH_RX][0] = true;
	TEST_ASSERT_SUCCESS(rte_eth_dev_start(port.port_id), "start");
	TEST_ASSERT_SUCCESS(queue_answer_check("tx", 3, "\"status\":\"applied\",\"error\":\"\","
		"\"target\":\"lcore\",\"lcore_id\":101,\"cpu_id\":12,\"mem\":\"volatile\","
		"\"st\":76,\"st_bits\":8,\"stale\":0,\"objects\":[\"desc\",\"payload\"],"
		"\"hw_st\":76,\"hw_objects\":[\"desc\",\"payload\"]"), "applied");
	return queue_answer_check("rx", 0, "\"status\":\"failed\","
		"\"error\":\"Input/output error\","
		"\"target\":\"lcore\",\"lcore_id\":100,\"cpu_id\":11,\"mem\":\"volatile\","
		"\"st\":75,\"st_bits\":8,\"stale\":0,"
		"\"objects\":[\"desc\",\"header\",\"payload\"],\"hw_st\":0,\"hw_objects\":[]");
}

/* Whoever asks at a bad time puts nothing into the log of the application. */
static int
test_quiet(void)
{
	unsigned int lines;
	char params[32];

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, 1, 1), "configure");
	TEST_ASSERT_SUCCESS(test_tph_log_start(), "log");
	snprintf(params, sizeof(params), "%u,rx,3", port.port_id);
	TEST_ASSERT_SUCCESS(answer_check("/ethdev/tph_queue", params, "null"), "no queue");
	TEST_ASSERT_SUCCESS(answer_check("/ethdev/tph_queue", "31,rx,0", "null"), "no port");
	TEST_ASSERT_SUCCESS(answer_check("/ethdev/tph", "31", "null"), "no port");
	rte_log(RTE_LOG_ERR, RTE_LOGTYPE_USER1, "the only line\n");
	lines = test_tph_log_lines();
	TEST_ASSERT_EQUAL(test_tph_log_stop("the only line"), 1, "no line");
	TEST_ASSERT_EQUAL(lines, 1, "%u lines", lines);
	return TEST_SUCCESS;
}

/* What is no port or no queue gets no answer. */
static int
test_parameters(void)
{
	static const char * const ports[] = {
		NULL, "", ",", "z", "-1", "+1", " 1", "1z", "31", "32", "65535", "65536",
		"18446744073709551616", "0x0",
	};
	static const char * const queues[] = {
		NULL, "", "z", "#", "#,", "#,rx", "#,rx,", "#,rx,z", "#,rx,-1", "#,rx,4",
		"#,rx,65536", "#,tx,4", "#,rx,0,0", "#,RX,0", "#,rxq,0", "31,rx,0", ",rx,0",
	};
	char params[32];
	unsigned int i;

	for (i = 0; i < RTE_DIM(ports); i++)
		TEST_ASSERT_SUCCESS(answer_check("/ethdev/tph", ports[i], "null"), "port");
	snprintf(params, sizeof(params), "%u,0", port.port_id);
	TEST_ASSERT_SUCCESS(answer_check("/ethdev/tph", params, "null"), "more than a port");
	for (i = 0; i < RTE_DIM(queues); i++) {
		/* # stands for the port. */
		if (queues[i] != NULL && queues[i][0] == '#')
			snprintf(params, sizeof(params), "%u%s", port.port_id, queues[i] + 1);
		else if (queues[i] != NULL)
			snprintf(params, sizeof(params), "%s", queues[i]);
		TEST_ASSERT_SUCCESS(answer_check("/ethdev/tph_queue",
			queues[i] == NULL ? NULL : params, "null"), "queue");
	}

	port.dev_ops.tph_ops = NULL;
	snprintf(params, sizeof(params), "%u,rx,0", port.port_id);
	TEST_ASSERT_SUCCESS(answer_check("/ethdev/tph_queue", params, "null"), "no TPH");
	params[1] = '\0';
	return answer_check("/ethdev/tph", params, "null");
}

static int
test_advice(void)
{
	static const char * const bad[] = { NULL, "", "x", "-1", "65536", "65535", "11,0" };
	static const char queues[] =
		"\"cpu_id\":11,\"queues\":1,\"queues_unknown\":1,\"desc_bytes\":0,";
	unsigned int i;

	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 1, LCORE), "bind");
	TEST_ASSERT_SUCCESS(ask("/ethdev/tph_advice,11"), "cannot ask");
	TEST_ASSERT_SUCCESS(answer_read(), "no answer");
	TEST_ASSERT(strstr(answer, queues) != NULL, "%s", answer);
	for (i = 0; i < RTE_DIM(bad); i++)
		TEST_ASSERT_SUCCESS(answer_check("/ethdev/tph_advice", bad[i], "null"), "bad");
	return TEST_SUCCESS;
}

static int
follow_answer_check(const char *command, const char *params, const char *error)
{
	char whole[128], text[256];

	snprintf(whole, sizeof(whole), "%u%s", port.port_id, params);
	snprintf(text, sizeof(text), "{\"port_id\":%u,\"error\":\"%s\"}", port.port_id, error);
	return answer_check(command, whole, text);
}

/* Errors are in the answer, in words. */
static int
test_follow(void)
{
	static const char follow[] = "/ethdev/tph_follow", unfollow[] = "/ethdev/tph_unfollow";
	static const char * const bad[] = {
		",x", ",keep,once", ",desc,keep", ",,keep", ",keep,,desc", ",keepdesc", ",DESC",
	};
	unsigned int i;

	TEST_ASSERT_SUCCESS(follow_answer_check(follow, ",keep,desc,header", ""), "follow");
	TEST_ASSERT_SUCCESS(follow_answer_check(follow, "", "the port is followed already"),
		"twice");
	TEST_ASSERT_SUCCESS(queue_answer_check("rx", 3, "\"status\":\"unbound\","
		"\"follow\":\"learning\",\"follow_error\":\"\",\"thread\":0"), "learning");
	TEST_ASSERT_SUCCESS(ask(port.port_id == 0 ? "/ethdev/tph,0" : "/ethdev/tph,1"), "ask");
	TEST_ASSERT_SUCCESS(answer_read(), "no answer");
	TEST_ASSERT(strstr(answer, "\"follow\":\"keep\"") != NULL, "%s", answer);
	TEST_ASSERT_SUCCESS(follow_answer_check(unfollow, "", ""), "unfollow");
	TEST_ASSERT_SUCCESS(queue_answer_check("rx", 3, "\"status\":\"unbound\""), "unfollowed");
	TEST_ASSERT_SUCCESS(follow_answer_check(unfollow, "", ""), "unfollow again");
	TEST_ASSERT_SUCCESS(follow_answer_check(follow, ",once", ""), "once");
	TEST_ASSERT_SUCCESS(follow_answer_check(unfollow, "", ""), "unfollow");
	TEST_ASSERT_SUCCESS(follow_answer_check(follow, ",all", ""), "all objects");
	TEST_ASSERT_SUCCESS(follow_answer_check(unfollow, "", ""), "unfollow");
	/* Of Rx queues only. */
	TEST_ASSERT_SUCCESS(follow_answer_check(follow, ",header", ""), "headers");
	TEST_ASSERT_SUCCESS(queue_answer_check("tx", 0, "\"status\":\"unbound\""), "Tx");
	TEST_ASSERT_SUCCESS(follow_answer_check(unfollow, "", ""), "unfollow");

	for (i = 0; i < RTE_DIM(bad); i++)
		TEST_ASSERT_SUCCESS(follow_answer_check(follow, bad[i], "bad parameters"), "bad");
	TEST_ASSERT_SUCCESS(follow_answer_check(unfollow, ",0", "bad parameters"), "bad");
	TEST_ASSERT_SUCCESS(answer_check(follow, NULL, "{\"error\":\"bad parameters\"}"), "none");
	TEST_ASSERT_SUCCESS(answer_check(follow, "z", "{\"error\":\"bad parameters\"}"), "no port");
	TEST_ASSERT_SUCCESS(answer_check(unfollow, "-1", "{\"error\":\"bad parameters\"}"),
		"no port");
	TEST_ASSERT_SUCCESS(answer_check(follow, "31",
		"{\"port_id\":31,\"error\":\"no such port\"}"), "no port");
	port.fail[TEST_TPH_ENABLE] = -EACCES;
	TEST_ASSERT_SUCCESS(follow_answer_check(follow, "",
		"the policy of the kernel forbids it to this process"), "policy");
	port.fail[TEST_TPH_ENABLE] = -EIO;
	TEST_ASSERT_SUCCESS(follow_answer_check(follow, "", "Input/output error"), "other");
	port.dev_ops.tph_ops = NULL;
	return follow_answer_check(follow, "",
		"driver, device, root port or kernel lack TPH, or what was asked for");
}

/* Ports are followed while they go away. */
static int
test_follow_removal(void)
{
	char command[32];
	unsigned int i;

	for (i = 0; test_tph_race_goes_on(i, 400); i++) {
		if (i != 0)
			TEST_ASSERT_SUCCESS(test_tph_port_start(&port, "tph_test0", NB_QUEUES),
				"no port");
		snprintf(command, sizeof(command), i % 2 == 0 ? "/ethdev/tph_follow,%u" :
			"/ethdev/tph_unfollow,%u", port.port_id);
		TEST_ASSERT_SUCCESS(ask(command), "cannot ask");
		if (i % 3 == 0)
			sched_yield();
		test_tph_port_destroy(&port);
		TEST_ASSERT_SUCCESS(answer_read(), "no answer");
		TEST_ASSERT(strstr(answer, "\"error\":") != NULL, "%s", answer);
		TEST_ASSERT(!port.broken, "a promise is broken");
	}
	return TEST_SUCCESS;
}

/* More queues than there is room for leave the answer well-formed. */
static int
test_many_queues(void)
{
	static struct rte_eth_tph_queue_conf confs[TEST_TPH_QUEUES];
	char command[32];
	uint16_t q;

	TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, TEST_TPH_QUEUES, TEST_TPH_QUEUES),
		"configure");
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
	for (q = 0; q < TEST_TPH_QUEUES; q++)
		confs[q] = (struct rte_eth_tph_queue_conf) {
			.dir = RTE_ETH_TPH_RX,
			.queue_id = q,
			.lcore_id = LCORE,
			.objects = RTE_TPH_OBJECT_ALL,
		};
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_bind(port.port_id, confs, TEST_TPH_QUEUES),
		"bind");
	for (q = 0; q < TEST_TPH_QUEUES; q++)
		confs[q].dir = RTE_ETH_TPH_TX;
	TEST_ASSERT_SUCCESS(rte_eth_dev_tph_queue_bind(port.port_id, confs, TEST_TPH_QUEUES),
		"bind");
	snprintf(command, sizeof(command), "/ethdev/tph,%u", port.port_id);
	TEST_ASSERT_SUCCESS(ask(command), "cannot ask");
	TEST_ASSERT_SUCCESS(answer_read(), "no answer");
	TEST_ASSERT(strstr(answer, ",510,511],\"rx_failed\":[],") != NULL, "%s", answer);
	TEST_ASSERT(strstr(answer, ",510,511],\"tx_failed\":[],\"tx_unbinding\":[]}}") != NULL,
		"%s", answer);
	return TEST_SUCCESS;
}

/* The answer is made while TPH is disabled and the port goes away. */
static int
test_removal(void)
{
	char command[32];
	unsigned int i;

	for (i = 0; test_tph_race_goes_on(i, 400); i++) {
		if (i != 0) {
			TEST_ASSERT_SUCCESS(test_tph_port_create(&port, "tph_test0",
				&test_tph_ops), "no port");
			TEST_ASSERT_SUCCESS(test_tph_port_configure(&port, NB_QUEUES, NB_QUEUES),
				"configure");
		}
		TEST_ASSERT_SUCCESS(rte_eth_dev_tph_enable(port.port_id, &auto_conf), "enable");
		TEST_ASSERT_SUCCESS(test_tph_bind_one(&port, RTE_ETH_TPH_RX, 1, LCORE), "bind");
		if (i % 2 == 0)
			snprintf(command, sizeof(command), "/ethdev/tph,%u", port.port_id);
		else
			snprintf(command, sizeof(command), "/ethdev/tph_queue,%u,rx,1",
				port.port_id);
		TEST_ASSERT_SUCCESS(ask(command), "cannot ask");
		if (i % 4 < 2)
			TEST_ASSERT_SUCCESS(rte_eth_dev_tph_disable(port.port_id), "disable");
		test_tph_port_destroy(&port);
		TEST_ASSERT_SUCCESS(answer_read(), "no answer");
		TEST_ASSERT_EQUAL(strncmp(answer, "{\"/ethdev/tph", 13), 0, "%s", answer);
	}
	return TEST_SUCCESS;
}

struct unit_test_suite test_tph_telemetry_suite = {
	.suite_name = "TPH of ethdev: telemetry",
	.unit_test_cases = {
		TEST_CASE_ST(telemetry_setup, telemetry_teardown, test_port),
		TEST_CASE_ST(telemetry_setup, telemetry_teardown, test_queue),
		TEST_CASE_ST(telemetry_setup, telemetry_teardown, test_quiet),
		TEST_CASE_ST(telemetry_setup, telemetry_teardown, test_parameters),
		TEST_CASE_ST(telemetry_setup, telemetry_teardown, test_advice),
		TEST_CASE_ST(telemetry_setup, telemetry_teardown, test_many_queues),
		TEST_CASE_ST(telemetry_setup, telemetry_teardown, test_removal),
		TEST_CASE_ST(telemetry_setup, telemetry_teardown, test_follow),
		TEST_CASE_ST(telemetry_setup, telemetry_teardown, test_follow_removal),
		TEST_CASES_END()
	},
};
