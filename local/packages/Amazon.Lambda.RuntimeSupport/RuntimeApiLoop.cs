using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// Takes invocations from the Lambda Runtime API one by one and answers each.
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
/// </summary>
internal sealed class RuntimeApiLoop(HttpClient client, string endpoint, LambdaBootstrapHandler handler, TimeProvider time)
{
    private const string TraceVariable = "_X_AMZN_TRACE_ID";

    private readonly string _root = $"http://{endpoint}/2018-06-01/runtime";

    /// <summary>Ends when it is cancelled, or by an exception when the Runtime API is gone: the process is of no use then.</summary>
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
            {
                await ServeAsync(next.EnsureSuccessStatusCode());
            }
        }
    }

    public async Task ReportInitializationErrorAsync(Exception error, CancellationToken cancellationToken)
    {
        using HttpResponseMessage taken = await PostErrorAsync("init/error", error, cancellationToken);
        taken.EnsureSuccessStatusCode();
    }

    /// <summary>Runs to its end once begun: the service counts the invocation as ours.</summary>
    private async Task ServeAsync(HttpResponseMessage invocation)
    {
        string id = Header(invocation, "Lambda-Runtime-Aws-Request-Id")
            ?? throw new InvalidOperationException($"The Runtime API at {_root} sent an invocation without Lambda-Runtime-Aws-Request-Id.");
        LambdaContext context = new(id, DeadlineOf(invocation), time)
        {
            TraceId = Header(invocation, "Lambda-Runtime-Trace-Id"),
            TenantId = Header(invocation, "Lambda-Runtime-Aws-Tenant-Id"),
            InvokedFunctionArn = Header(invocation, "Lambda-Runtime-Invoked-Function-Arn"),
        };
        // Where tracing libraries look for it.
        Environment.SetEnvironmentVariable(TraceVariable, context.TraceId);
        using InvocationRequest request = new(new MemoryStream(await invocation.Content.ReadAsByteArrayAsync(), writable: false), context);
        using HttpResponseMessage taken = await AnswerAsync(id, request);
        if (!taken.IsSuccessStatusCode)
        {
            // The service has ended the invocation by itself, for its deadline or its answer's size, and counts it as failed.
            context.Logger.Log("Error", $"The answer was refused with {(int)taken.StatusCode}: {await taken.Content.ReadAsStringAsync()}");
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(string id, InvocationRequest request)
    {
        InvocationResponse response;
        try
        {
            response = await handler(request);
        }
        catch (Exception e)
        {
            return await PostErrorAsync($"invocation/{id}/error", e, CancellationToken.None);
        }

        await using Stream output = response is { DisposeOutputStream: true } ? response.OutputStream : null;
        using HttpContent content = response?.OutputStream is { } answer ? new UnownedStreamContent(answer) : new ByteArrayContent([]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await client.PostAsync($"{_root}/invocation/{id}/response", content);
    }

    private async Task<HttpResponseMessage> PostErrorAsync(string path, Exception error, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                errorMessage = error.Message,
                errorType = error.GetType().Name,
                stackTrace = error.StackTrace?.Split(Environment.NewLine) ?? [],
            }
        );
        using ByteArrayContent content = new(body)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/vnd.aws.lambda.error+json") },
        };
        using HttpRequestMessage request = new(HttpMethod.Post, $"{_root}/{path}") { Content = content };
        request.Headers.Add("Lambda-Runtime-Function-Error-Type", error.GetType().Name);
        return await client.SendAsync(request, cancellationToken);
    }

    private DateTimeOffset DeadlineOf(HttpResponseMessage invocation) =>
        long.TryParse(Header(invocation, "Lambda-Runtime-Deadline-Ms"), CultureInfo.InvariantCulture, out long deadline)
            ? DateTimeOffset.FromUnixTimeMilliseconds(deadline)
            : time.GetUtcNow();

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string> values) ? values.First() : null;
}
