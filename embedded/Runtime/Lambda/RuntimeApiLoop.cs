using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Serverless.Embedded.Runtime.Lambda;

/// <summary>
/// Takes invocations from a Lambda Runtime API one by one and answers each.
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
/// </summary>
internal sealed class RuntimeApiLoop(HttpClient client, string endpoint, LambdaHandler handler, TimeProvider time)
{
    private readonly string _root = $"http://{endpoint}/2018-06-01/runtime";
    private readonly LambdaFunction _function = LambdaFunction.Create("function", "us-east-1", 128);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            HttpResponseMessage next;
            try
            {
                next = await client.GetAsync($"{_root}/invocation/next", cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            using (next)
                await ServeAsync(next.EnsureSuccessStatusCode());
        }
    }

    public Task ReportInitializationErrorAsync(Exception error, CancellationToken cancellationToken) =>
        PostErrorAsync("init/error", error, cancellationToken);

    /// <summary>Runs to its end once begun: the service counts the invocation as ours.</summary>
    private async Task ServeAsync(HttpResponseMessage invocation)
    {
        string id = Header(invocation, "Lambda-Runtime-Aws-Request-Id")
            ?? throw new InvalidOperationException($"The Runtime API at {_root} sent an invocation without Lambda-Runtime-Aws-Request-Id.");
        LambdaContext context = new(_function, id, DeadlineOf(invocation), time)
        {
            TraceId = Header(invocation, "Lambda-Runtime-Trace-Id"),
            TenantId = Header(invocation, "Lambda-Runtime-Aws-Tenant-Id"),
            InvokedFunctionArn = Header(invocation, "Lambda-Runtime-Invoked-Function-Arn") ?? _function.Arn,
        };
        byte[] payload = await invocation.Content.ReadAsByteArrayAsync();
        ReadOnlyMemory<byte> answer;
        try
        {
            answer = await handler(payload, context);
        }
        catch (Exception e)
        {
            await PostErrorAsync($"invocation/{id}/error", e, CancellationToken.None);
            return;
        }
        using ReadOnlyMemoryContent content = new(answer) { Headers = { ContentType = new("application/json") } };
        using HttpResponseMessage taken = await client.PostAsync($"{_root}/invocation/{id}/response", content);
        taken.EnsureSuccessStatusCode();
    }

    private async Task PostErrorAsync(string path, Exception error, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            errorMessage = error.Message,
            errorType = error.GetType().Name,
            stackTrace = error.StackTrace?.Split(Environment.NewLine) ?? [],
        });
        using ByteArrayContent content = new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/vnd.aws.lambda.error+json") } };
        content.Headers.Add("Lambda-Runtime-Function-Error-Type", error.GetType().Name);
        using HttpResponseMessage taken = await client.PostAsync($"{_root}/{path}", content, cancellationToken);
        taken.EnsureSuccessStatusCode();
    }

    private DateTimeOffset DeadlineOf(HttpResponseMessage invocation) =>
        long.TryParse(Header(invocation, "Lambda-Runtime-Deadline-Ms"), CultureInfo.InvariantCulture, out long deadline)
            ? DateTimeOffset.FromUnixTimeMilliseconds(deadline)
            : time.GetUtcNow();

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
}
