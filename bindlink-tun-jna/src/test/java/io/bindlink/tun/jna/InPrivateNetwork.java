package io.bindlink.tun.jna;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Marks tests that run in a network of their own, empty but for a loopback interface that is up: on a thread that left
 * the network the others are in. Threads and processes it starts are in its network, too, which ends with the last of
 * them. Needs root; without, the test is skipped and the reason printed, or it fails with {@code
 * -Dbindlink.real=required}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InPrivateNetwork.OwnThread.class)
@interface InPrivateNetwork {
    /** Runs each test on a thread of its own. */
    final class OwnThread implements InvocationInterceptor {
        private static final int NEW_NETWORK = 0x4000_0000;
        private static final long TEST_SECONDS = 120;

        static {
            Native.register(OwnThread.class, NativeLibrary.getProcess());
        }

        private static native int unshare(int flags);

        @Override
        public void interceptTestMethod(
                Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            runApart(invocation, context);
        }

        @Override
        public void interceptTestTemplateMethod(
                Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            runApart(invocation, context);
        }

        private static void runApart(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
            FutureTask<Throwable> task = new FutureTask<>(() -> outcome(invocation));
            Thread thread = new Thread(task, context.getDisplayName());
            thread.setDaemon(true);
            thread.start();
            Throwable outcome = task.get(TEST_SECONDS, TimeUnit.SECONDS);
            if (outcome != null) {
                throw outcome;
            }
        }

        private static Throwable outcome(Invocation<Void> invocation) {
            try {
                enterNetwork();
                invocation.proceed();
                return null;
            } catch (Throwable e) {
                return e;
            }
        }

        private static void enterNetwork() {
            Machine.requireProgram("ip");
            if (!Files.exists(Path.of("/dev/net/tun"))) {
                Machine.skip("there is no /dev/net/tun");
            }
            if (unshare(NEW_NETWORK) != 0) {
                Machine.skip("a network of its own needs root and a kernel that allows it");
            }
            Machine.run("ip", "link", "set", "lo", "up");
        }
    }
}
