// SPDX-License-Identifier: GPL-2.0
#include <linux/in.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/uio.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "receiver.h"

static struct socket *sock;

unsigned int receiver_datagrams;
module_param_named(datagrams, receiver_datagrams, uint, 0444);

static const struct sockaddr_in address = {
	.sin_family = AF_INET,
	.sin_port = htons(4711),
	.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
};

int receiver_receive(void)
{
	char byte;
	struct kvec vec = {.iov_base = &byte, .iov_len = sizeof(byte)};
	struct msghdr msg = {};

	return kernel_recvmsg(sock, &msg, &vec, 1, sizeof(byte), 0);
}

void receiver_shut_down(void)
{
	kernel_sock_shutdown(sock, SHUT_RDWR);
}

/* Written to: sends a datagram of one byte. */
static int send(const char *value, const struct kernel_param *param)
{
	char byte = value[0];
	struct kvec vec = {.iov_base = &byte, .iov_len = sizeof(byte)};
	struct sockaddr_in to = address;
	struct msghdr msg = {.msg_name = &to, .msg_namelen = sizeof(to)};
	struct socket *from;
	int err = sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, IPPROTO_UDP, &from);

	if (err)
		return err;
	err = kernel_sendmsg(from, &msg, &vec, 1, sizeof(byte));
	sock_release(from);
	return err < 0 ? err : 0;
}

static const struct kernel_param_ops send_ops = {.set = send};
module_param_cb(send, &send_ops, NULL, 0200);

static int __init receiver_init(void)
{
	struct sockaddr_in own = address;
	int err = sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, IPPROTO_UDP, &sock);

	if (err)
		return err;
	/* Newer kernels have another type for an address. */
	err = kernel_bind(sock, (void *)&own, sizeof(own));
	if (!err)
		err = receiver_start();
	if (err)
		sock_release(sock);
	return err;
}
module_init(receiver_init);

static void __exit receiver_exit(void)
{
	pr_info("receiver: ended with %d\n", receiver_stop());
	sock_release(sock);
}
module_exit(receiver_exit);

MODULE_DESCRIPTION("A module for the tests of kthreadxx, whose thread receives datagrams");
MODULE_LICENSE("GPL");
