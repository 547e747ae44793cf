import { describe, expect, test } from "vitest";
import { fingerprintOf } from "../../../../shared/analysis/logs/stack-fingerprint.ts";
import { readStack } from "../../../../shared/analysis/logs/stack-frames.ts";

function folded(message: string): {
  language: string;
  exception: string;
  frames: string[];
  id: string;
} {
  const stack = readStack(message);
  if (stack === null) throw new Error("no stack trace");
  const { id, frames } = fingerprintOf(stack);
  return { language: stack.language, exception: stack.exception, frames: [...frames], id };
}

const JAVA = `request 17 failed
org.springframework.web.util.NestedServletException: Request processing failed
\tat org.springframework.web.servlet.FrameworkServlet.doGet(FrameworkServlet.java:898)
\tat javax.servlet.http.HttpServlet.service(HttpServlet.java:655)
Caused by: java.lang.IllegalStateException: order 4711 has no price
\tat com.shop.price.PriceService.lambda$load$3(PriceService.java:88)
\tat com.shop.price.PriceService$$Lambda$914/0x0000000840a8.apply(Unknown Source)
\tat java.base/java.util.stream.ReferencePipeline.collect(ReferencePipeline.java:578)
\tat com.shop.order.OrderService$$EnhancerBySpringCGLIB$$1a2b3c4d.place(<generated>)
\t... 42 more`;
const PYTHON = `ERROR scoring failed
Traceback (most recent call last):
  File "/srv/app/serving/api.py", line 41, in predict
    return self.model.score(row)
  File "/usr/lib/python3.11/site-packages/sklearn/base.py", line 12, in score
  File "/srv/app/features/encode.py", line 7, in encode
    return table[value]
KeyError: 'M'`;
const GO = `panic: runtime error: index out of range [5] with length 3

goroutine 71 [running]:
panic({0x6f2a00, 0xc0000b4000})
\t/usr/local/go/src/runtime/panic.go:884 +0x213
main.(*Server).handle.func1(0xc0001a2000)
\t/src/cart/server.go:118 +0x1d
net/http.HandlerFunc.ServeHTTP(0xc000196000, {0x7f, 0x8})
\t/usr/local/go/src/net/http/server.go:2122 +0x2f`;
const SCRIPT = `TypeError: Cannot read properties of undefined (reading 'id')
    at addToCart (/srv/web/cart/add.js:31:17)
    at async Object.<anonymous> (/srv/web/routes/cart.js:9:3)
    at Layer.handle (/srv/web/node_modules/express/lib/router/layer.js:95:5)
    at node:internal/process/task_queues:96:5`;
const NET = `System.NullReferenceException: Object reference not set
   at Shop.Cart.CartStore.<>c__DisplayClass4_0.<Add>b__0(Item item) in /src/CartStore.cs:line 51
   at System.Linq.Enumerable.Sum[T](IEnumerable\`1 source)
   at Shop.Cart.CartService.AddAsync(String id) in /src/CartService.cs:line 20`;

describe("exception and own frames", () => {
  test("Java: the innermost cause, frameworks and generated names left out", () => {
    expect(folded(JAVA)).toMatchObject({
      language: "Java",
      exception: "java.lang.IllegalStateException",
      frames: [
        "com.shop.price.PriceService.lambda$load",
        "com.shop.price.PriceService$$Lambda.apply",
        "com.shop.order.OrderService$$Proxy.place",
      ],
    });
  });
  test("Python: innermost first, installed packages left out", () => {
    expect(folded(PYTHON)).toMatchObject({
      language: "Python",
      exception: "KeyError",
      frames: ["features/encode.py encode", "serving/api.py predict"],
    });
  });
  test("Go: a panic without its numbers, goroutines left out", () => {
    expect(folded(GO)).toMatchObject({
      language: "Go",
      exception: "panic: runtime error: index out of range [#] with length #",
      frames: ["main.(*Server).handle.func"],
    });
  });
  test("Go: a call in a line of its own, as loggers write it", () => {
    expect(folded("panic: nil map\nservices/pay/charge.go:118 Charge.read").frames).toEqual([
      "pay/charge.go Charge.read",
    ]);
  });
  test("JavaScript: node_modules and node: left out", () => {
    expect(folded(SCRIPT)).toMatchObject({
      language: "JavaScript",
      exception: "TypeError",
      frames: ["addToCart (cart/add.js)", "<anonymous> (routes/cart.js)"],
    });
  });
  test(".NET: closures without their numbers", () => {
    expect(folded(NET)).toMatchObject({
      language: ".NET",
      exception: "System.NullReferenceException",
      frames: ["Shop.Cart.CartStore.<>c.<Add>", "Shop.Cart.CartService.AddAsync"],
    });
  });
});

describe("folding", () => {
  test.each([
    ["line numbers", JAVA, JAVA.replaceAll(/:\d+\)/g, ":999)")],
    ["addresses and lambda numbers", JAVA, JAVA.replace("$914/0x0000000840a8", "$17/0xdeadbeef")],
    ["proxy hashes", JAVA, JAVA.replace("1a2b3c4d", "99887766")],
    ["lambda$3 and lambda$4", JAVA, JAVA.replace("lambda$load$3", "lambda$load$4")],
    ["Python lines", PYTHON, PYTHON.replaceAll(/line \d+/g, "line 5")],
    ["goroutine and addresses", GO, GO.replaceAll(/0x[\da-f]+/g, "0x1").replace("71", "9")],
    ["columns", SCRIPT, SCRIPT.replaceAll(/:\d+:\d+/g, ":1:1")],
    ["line breaks that are escaped", JAVA, JAVA.replaceAll("\n", "\\n").replaceAll("\t", "\\t")],
  ])("%s make no difference", (_, one, other) => {
    expect(other).not.toBe(one);
    expect(folded(other).id).toBe(folded(one).id);
  });
  test.each([
    ["another method", JAVA.replace("lambda$load", "lambda$store")],
    [
      "another exception",
      JAVA.replace("java.lang.IllegalStateException", "java.lang.ArithmeticException"),
    ],
  ])("%s does", (_, other) => {
    expect(folded(other).id).not.toBe(folded(JAVA).id);
  });
  test("a message without a stack has none", () => {
    expect(readStack("looked at 3 files (a.go, b.java:3) at once")).toBeNull();
    expect(readStack("ConnectionError: refused")).toBeNull();
  });
});
