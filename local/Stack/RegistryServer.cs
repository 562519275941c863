using Azure.Storage;
using Azure.Storage.Sas;
using Serverless.Local.Stack.Processes;

namespace Serverless.Local.Stack;

/// <summary>
/// The store of the registry that deployments share: an Azurite of its own. Who publishes has its key, everybody else an address that is
/// signed for reading alone.
/// </summary>
public sealed class RegistryServer : IAsyncDisposable
{
    private const string Member = "registry";
    private const string PortFile = "registry.port";

    // As long as any stack is kept; the emulator opens nothing but itself.
    private static readonly TimeSpan Signed = TimeSpan.FromDays(3650);

    private readonly ChildProcess _azurite;
    private readonly Uri _address;
    private readonly TimeProvider _time;

    /// <param name="folder">Of its data and its log.</param>
    public RegistryServer(string folder, int port, TimeProvider time)
    {
        DataFolder.Create(folder);
        File.WriteAllText(Path.Combine(folder, PortFile), $"{port}");
        _time = time;
        _address = AddressOf($"{port}");
        _azurite = new ChildProcess(
            new ProcessSpec(
                Member,
                "node",
                [
                    "--require",
                    Checkout.AzuriteChanges,
                    Path.Combine(Checkout.Root, "node_modules/azurite/dist/src/blob/main.js"),
                    "--location",
                    folder,
                    "--blobPort",
                    $"{port}",
                    "--skipApiVersionCheck",
                    "--disableTelemetry",
                ],
                new Dictionary<string, string>(),
                Checkout.Root,
                Path.Combine(folder, Member + ".log")
            ),
            time
        );
    }

    /// <summary>For whoever publishes versions.</summary>
    public string WriterConnection => ConnectionOf(_address);

    public string ReaderConnection
    {
        get
        {
            AccountSasBuilder signature = new()
            {
                Services = AccountSasServices.Blobs,
                ResourceTypes = AccountSasResourceTypes.All,
                ExpiresOn = _time.GetUtcNow() + Signed,
            };
            signature.SetPermissions(AccountSasPermissions.Read | AccountSasPermissions.List);
            StorageSharedKeyCredential key = new(StackSettings.EmulatorAccount, StackSettings.EmulatorKey);
            return $"BlobEndpoint={_address};SharedAccessSignature={signature.ToSasQueryParameters(key)};";
        }
    }

    /// <summary>How the one that started last over a folder is reached by whoever publishes.</summary>
    /// <exception cref="StackException">None was ever started over it.</exception>
    internal static string ReadConnection(string folder)
    {
        try
        {
            return ConnectionOf(AddressOf(File.ReadAllText(Path.Combine(folder, PortFile))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StackException($"The folder {folder} holds no data of a registry: {PortFile} cannot be read.");
        }
    }

    private static Uri AddressOf(string port) => new($"http://127.0.0.1:{port}/{StackSettings.EmulatorAccount}");

    private static string ConnectionOf(Uri address) =>
        $"DefaultEndpointsProtocol=http;AccountName={StackSettings.EmulatorAccount};AccountKey={StackSettings.EmulatorKey};"
        + $"BlobEndpoint={address};";

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();
}
