/** The built jar on real kernels: tun devices, network namespaces, SOCKS servers, iperf3. */
@NullMarked
package io.bindlink.cli.real;

import org.jspecify.annotations.NullMarked;
