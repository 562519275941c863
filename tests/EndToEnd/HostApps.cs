using System.Text.Json;
using Azure.Storage.Blobs;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>The small app of tests/HostApp on local/Host, once a storage provider; each is started when a test first asks for it.</summary>
public sealed class HostApps(SharedStack shared)
{
    private readonly Lazy<Task<HostApp>> _sqlite = new(() => StartAsync(shared.Stack, DurableProviders.Sqlite));
    private readonly Lazy<Task<HostApp>> _azure = new(() => StartAsync(shared.Stack, DurableProviders.AzureStorage));

    public Task<HostApp> OnAsync(string provider) => (provider == DurableProviders.Sqlite ? _sqlite : _azure).Value;

    private static async Task<HostApp> StartAsync(LocalStack stack, string provider)
    {
        string name = provider == DurableProviders.Sqlite ? "host-app-sqlite" : "host-app-azure";
        await new BlobContainerClient(stack.AzureConnectionString, "host-app-uploads").CreateIfNotExistsAsync();
        await new BlobContainerClient(stack.AzureConnectionString, "host-app-results").CreateIfNotExistsAsync();
        FunctionsApp app = await stack.StartAppAsync(
            name,
            Checkout.AppFolder("tests/HostApp"),
            "api/open",
            provider,
            TestContext.Current.CancellationToken
        );
        return new HostApp(app, stack.AzureConnectionString);
    }
}

/// <summary>How a test reaches the app.</summary>
public sealed class HostApp(FunctionsApp app, string storage)
{
    public HttpClient Http { get; } = new() { BaseAddress = app.Address };

    public string Storage => storage;

    public string MasterKey => Key(keys => keys.GetProperty("masterKey"));

    public string FunctionKey => Key(keys => keys.GetProperty("functionKeys").GetProperty("default"));

    public string SystemKey(string extension) => Key(keys => keys.GetProperty("systemKeys").GetProperty(extension));

    /// <summary>What a function left, once it has.</summary>
    public Task<string> ResultAsync(string blob, CancellationToken cancellationToken) =>
        Eventually.HoldsAsync(
            async () =>
            {
                BlobClient found = new(storage, "host-app-results", blob);
                string content = await found.ExistsAsync(cancellationToken)
                    ? (await found.DownloadContentAsync(cancellationToken)).Value.Content.ToString()
                    : "";
                return content.Length > 0 ? content : null; // empty while it is being written
            },
            blob,
            TimeSpan.FromSeconds(60),
            cancellationToken
        );

    private string Key(Func<JsonElement, JsonElement> find)
    {
        using JsonDocument keys = JsonDocument.Parse(File.ReadAllBytes(app.KeysFile));
        return find(keys.RootElement).GetString()!;
    }
}
