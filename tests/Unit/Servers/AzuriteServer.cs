using System.Text.RegularExpressions;
using Serverless.Storage;

namespace Serverless.Unit.Servers;

/// <summary>Azurite's blobs and queues on free ports; they are kept in memory, since no test starts one again.</summary>
public sealed partial class AzuriteServer : IAsyncDisposable
{
    // Azurite's published development account.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly ServerProcess _process;
    private readonly string _directory;

    private AzuriteServer(ServerProcess process, string directory, string blobs, string queues)
    {
        _process = process;
        _directory = directory;
        ConnectionString =
            $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
            + $"BlobEndpoint={blobs}/{Account};QueueEndpoint={queues}/{Account};";
    }

    public string ConnectionString { get; }

    public AzureStorageOptions Options => new() { ConnectionString = ConnectionString };

    /// <summary>The access log, as a file that grows.</summary>
    public string AccessLogPath => AccessLogIn(_directory);

    public static async Task<AzuriteServer> StartAsync()
    {
        string directory = Directory.CreateTempSubdirectory("azurite-").FullName;
        StreamWriter log = new(new FileStream(AccessLogIn(directory), FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            AutoFlush = true,
        };
        string[] arguments =
        [
            "node_modules/azurite/dist/src/azurite.js",
            "--blobPort",
            "0",
            "--queuePort",
            "0",
            "--tablePort",
            "0",
            "--inMemoryPersistence",
            "--skipApiVersionCheck",
            "--disableTelemetry",
        ];
        var (process, ready) = await ServerProcess.StartAsync(arguments, [BlobsListening(), QueuesListening()], log.WriteLine);
        return new(process, directory, ready[0], ready[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static string AccessLogIn(string directory) => Path.Combine(directory, "access.log");

    [GeneratedRegex(@"Blob service is successfully listening at (\S+)")]
    private static partial Regex BlobsListening();

    [GeneratedRegex(@"Queue service is successfully listening at (\S+)")]
    private static partial Regex QueuesListening();
}
