using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Local.Lambda;
using Serverless.Unit.Servers;

namespace Serverless.Unit.Local.Lambda;

/// <summary>A Lambda service over a folder of its own, on free ports. Its function is a command.</summary>
internal sealed class LambdaRig : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private readonly string _directory = Directory.CreateTempSubdirectory("lambda-").FullName;
    private LambdaService? _service;

    public LambdaRig(params string[] command) =>
        Options = new()
        {
            Command = command,
            Port = 0,
            DataDirectory = _directory,
            FunctionName = "orders",
            VisibilityTimeout = TimeSpan.FromMilliseconds(1),
        };

    public LambdaOptions Options { get; }

    public LambdaService Service => _service!;

    public string Folder => _directory;

    /// <summary>A function whose process does nothing: who tests the Runtime API speaks to it in its place.</summary>
    public static LambdaRig WithoutRuntime() => new("sleep", "600");

    /// <summary>A function that a script answers for; see <c>function.mjs</c>.</summary>
    public static LambdaRig WithScript()
    {
        LambdaRig rig = new();
        rig.Options.Command = ["node", SourceTree.PathOf("tests/Data/lambda/function.mjs"), Path.Combine(rig.Folder, "seen.txt")];
        return rig;
    }

    public async Task<LambdaRig> StartAsync(CancellationToken cancellationToken)
    {
        _service = await LambdaService.StartAsync(Options, TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);
        return this;
    }

    public async Task StopAsync() => await _service!.DisposeAsync();

    /// <summary>What the script was given, in order.</summary>
    public async Task<string[]> SeenAsync(int count, CancellationToken cancellationToken)
    {
        string file = Path.Combine(_directory, "seen.txt");
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            string[] lines = File.Exists(file) ? await File.ReadAllLinesAsync(file, limit.Token) : [];
            if (lines.Length >= count)
            {
                return lines;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public async Task UntilAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while (!holds())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Sends as an SQS client does.</summary>
    public async Task<HttpResponseMessage> SendAsync(string target, object request, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = new(HttpMethod.Post, Service.QueueUrl)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(request)),
        };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(QueueApi.ContentType);
        message.Headers.Add("X-Amz-Target", $"AmazonSQS.{target}");
        return await Http.SendAsync(message, cancellationToken);
    }

    public async Task SendAsync(string body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(
            "SendMessage",
            new { QueueUrl = Service.QueueUrl, MessageBody = body },
            cancellationToken
        );
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
