using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Every kind of trigger, the keys and the management API of local/Host, on both storage providers of Durable Functions.</summary>
public sealed class HostTests(HostApps apps) : IClassFixture<HostApps>
{
    private static readonly string[] Functions =
    [
        "CollectWords",
        "CountTwice",
        "Counter",
        "Double",
        "EverySecond",
        "ForAdmins",
        "Guarded",
        "Open",
        "QueueArrived",
        "UploadArrived",
        "WaitForWord",
    ];

    public static TheoryData<string> Providers => [DurableProviders.Sqlite, DurableProviders.AzureStorage];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Admin_ListsEveryFunction(string provider)
    {
        HostApp app = await apps.OnAsync(provider);

        JsonElement list = await app.Http.GetFromJsonAsync<JsonElement>($"admin/functions?code={app.MasterKey}", Token);

        Assert.Equal(
            Functions,
            list.EnumerateArray().Select(function => function.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Keys_OpenWhatTheirLevelAllows(string provider)
    {
        HostApp app = await apps.OnAsync(provider);

        Assert.Equal(HttpStatusCode.OK, await GetAsync(app, "api/open"));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(app, "api/guarded/3"));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(app, "api/guarded/3?code=wrong"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(app, $"api/guarded/3?code={app.FunctionKey}"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(app, $"api/guarded/3?code={app.MasterKey}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(app, $"api/admins?code={app.FunctionKey}"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(app, $"api/admins?code={app.MasterKey}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(app, $"runtime/webhooks/durabletask/instances?code={app.FunctionKey}"));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Http_BindsRouteAndQuery_AndAnswersAWrongMethodWith404(string provider)
    {
        HostApp app = await apps.OnAsync(provider);
        using HttpRequestMessage request = new(HttpMethod.Post, "api/guarded/7?word=quay");
        request.Headers.Add("x-functions-key", app.FunctionKey);

        using HttpResponseMessage response = await app.Http.SendAsync(request, Token);

        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal((7, "quay"), (answer.GetProperty("number").GetInt32(), answer.GetProperty("word").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(app, $"api/guarded/7?code={app.FunctionKey}"));
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(app, $"api/guarded/seven?code={app.FunctionKey}"));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task QueueTrigger_TakesAMessage_AndItsResultGoesToABlob(string provider)
    {
        HostApp app = await apps.OnAsync(provider);
        QueueClient queue = new(app.Storage, "host-app-queue", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: Token);

        await queue.SendMessageAsync($"hello-{provider}", Token);

        Assert.Equal($"queue: hello-{provider}", await app.ResultAsync($"queue-hello-{provider}.txt", Token));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task BlobTrigger_RunsOnAnEvent(string provider)
    {
        HostApp app = await apps.OnAsync(provider);
        BlobClient blob = new(app.Storage, "host-app-uploads", provider + ".txt");
        string etag = (await blob.UploadAsync(BinaryData.FromString("content"), overwrite: true, Token)).Value.ETag.ToString("G").Trim('"');
        object[] events =
        [
            new
            {
                id = "1",
                topic = "",
                subject = $"/blobServices/default/containers/host-app-uploads/blobs/{provider}.txt",
                eventType = "Microsoft.Storage.BlobCreated",
                eventTime = DateTimeOffset.UtcNow,
                dataVersion = "",
                metadataVersion = "1",
                data = new
                {
                    api = "PutBlob",
                    blobType = "BlockBlob",
                    contentLength = 7,
                    contentType = "text/plain",
                    eTag = etag,
                    url = blob.Uri,
                    sequencer = "1",
                    requestId = "1",
                },
            },
        ];
        using HttpRequestMessage request = new(
            HttpMethod.Post,
            $"runtime/webhooks/blobs?functionName=Host.Functions.UploadArrived&code={app.SystemKey("blobs_extension")}"
        )
        {
            Content = JsonContent.Create(events),
        };
        request.Headers.Add("aeg-event-type", "Notification");

        (await app.Http.SendAsync(request, Token)).EnsureSuccessStatusCode();

        Assert.Equal($"{provider}.txt: content", await app.ResultAsync($"blob-{provider}.txt", Token));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Timer_Fires(string provider)
    {
        HostApp app = await apps.OnAsync(provider);

        Assert.Equal("fired", await app.ResultAsync("timer.txt", Token));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Orchestration_CallsAnActivityAndAnEntity(string provider)
    {
        HostApp app = await apps.OnAsync(provider);

        string id = await StartAsync(app, "CountTwice", 21);

        Assert.Equal("42", (await EndAsync(app, id)).GetProperty("output").GetRawText());
        JsonElement counter = await app.Http.GetFromJsonAsync<JsonElement>(Manage(app, $"entities/Counter/{id}"), Token);
        Assert.Equal(42, counter.GetInt32());
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task ManagementApi_SuspendsResumesAndRaisesEvents(string provider)
    {
        HostApp app = await apps.OnAsync(provider);
        string id = await StartAsync(app, "WaitForWord", null);

        await AskAsync(app, $"instances/{id}/suspend?reason=lunch");
        await StateAsync(app, id, "Suspended");
        await AskAsync(app, $"instances/{id}/resume?reason=back");
        await StateAsync(app, id, "Running");
        await AskAsync(app, $"instances/{id}/raiseEvent/word", "\"harbour\"");

        Assert.Equal("harbour", (await EndAsync(app, id)).GetProperty("output").GetString());
    }

    /// <summary>Two words come while it is suspended, so that one turn is given both.</summary>
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Orchestration_ThatBeginsAnew_KeepsTheEventsItDidNotTake(string provider)
    {
        HostApp app = await apps.OnAsync(provider);
        string id = await StartAsync(app, "collectWORDS", ""); // a name is the same in any case
        await StateAsync(app, id, "Running");
        await AskAsync(app, $"instances/{id}/suspend?reason=lunch");
        await StateAsync(app, id, "Suspended");
        foreach (string word in new[] { "pier", "quay" })
        {
            await AskAsync(app, $"instances/{id}/raiseEvent/word", $"\"{word}\"");
        }

        await AskAsync(app, $"instances/{id}/resume?reason=back");
        await AskAsync(app, $"instances/{id}/raiseEvent/word", "\"end\"");

        Assert.Equal("pier quay end", (await EndAsync(app, id)).GetProperty("output").GetString());
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task ManagementApi_TerminatesListsAndPurges(string provider)
    {
        HostApp app = await apps.OnAsync(provider);
        string id = await StartAsync(app, "WaitForWord", null);
        await StateAsync(app, id, "Running");

        await AskAsync(app, $"instances/{id}/terminate?reason=enough");
        await StateAsync(app, id, "Terminated");
        JsonElement list = await app.Http.GetFromJsonAsync<JsonElement>(Manage(app, "instances?runtimeStatus=Terminated&top=100"), Token);
        using HttpResponseMessage purged = await app.Http.DeleteAsync(Manage(app, $"instances/{id}"), Token);

        Assert.Contains(list.EnumerateArray(), instance => instance.GetProperty("instanceId").GetString() == id);
        Assert.Equal(HttpStatusCode.OK, purged.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync(app, Manage(app, $"instances/{id}")));
    }

    private static async Task<HttpStatusCode> GetAsync(HostApp app, string path)
    {
        using HttpResponseMessage response = await app.Http.GetAsync(path, Token);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> PostAsync(HostApp app, string path)
    {
        using HttpResponseMessage response = await app.Http.PostAsync(path, null, Token);
        return response.StatusCode;
    }

    private static string Manage(HostApp app, string path) =>
        $"runtime/webhooks/durabletask/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}"
        + $"code={app.SystemKey("durabletask_extension")}";

    private static async Task<string> StartAsync(HostApp app, string orchestrator, object? input)
    {
        using HttpResponseMessage response = await app.Http.PostAsJsonAsync(Manage(app, $"orchestrators/{orchestrator}"), input, Token);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }

    private static async Task AskAsync(HostApp app, string path, string body = "")
    {
        using StringContent content = new(body, null, "application/json");
        using HttpResponseMessage response = await app.Http.PostAsync(Manage(app, path), content, Token);
        Assert.True(
            response.StatusCode == HttpStatusCode.Accepted,
            $"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync(Token)}"
        );
    }

    private static Task<JsonElement> EndAsync(HostApp app, string id) => StateAsync(app, id, "Completed");

    private static async Task<JsonElement> StateAsync(HostApp app, string id, string state)
    {
        string seen = "nothing";
        JsonDocument found = await Eventually.HoldsAsync(
            async () =>
            {
                using HttpResponseMessage response = await app.Http.GetAsync(Manage(app, $"instances/{id}"), Token);
                JsonDocument status = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
                seen = status.RootElement.GetProperty("runtimeStatus").GetString()!;
                return seen == state ? status : null;
            },
            $"{id} {state}",
            TimeSpan.FromSeconds(60),
            Token
        );
        return found.RootElement;
    }
}
