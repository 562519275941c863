using System.Collections.Immutable;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Ingest;
using Serverless.Local.Stack.Models;
using Serverless.Local.Stack.Processes;
using Serverless.Storage;

namespace Serverless.Local.Stack;

/// <summary>
/// The pipeline as one running system: Azurite, an S3 server, the Functions app, the Lambda functions, storage events and
/// gpu-batch, each a supervised child process.
/// </summary>
public sealed class LocalStack : IAsyncDisposable
{
    private const string HealthRoute = "api/health";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);

    private readonly TimeProvider _time;
    private readonly StackSettings _settings;

    // Read by the report too, beside who changes them.
    private ImmutableList<ChildProcess> _storage = [];
    private ImmutableList<ChildProcess> _programs = [];
    private readonly LogTrimmer _logs;
    private readonly DataFolderLock _hold;
    private StackReport? _report;

    private LocalStack(StackOptions options, DataFolderLock hold, TimeProvider time)
    {
        Options = options;
        _hold = hold;
        _time = time;
        _settings = new StackSettings(options);
        Directory.CreateDirectory(_settings.LogDirectory);
        StackFacts.Write(options);
        _logs = new LogTrimmer(_settings.LogDirectory, time);
    }

    public StackOptions Options { get; }

    public Uri FunctionsAddress => _settings.FunctionsAddress;

    private Uri BlobProbe => new(_settings.BlobAddress, "?comp=list");

    public Uri S3Address => _settings.S3Address;

    public string AzureConnectionString => _settings.AzureConnectionString;

    /// <summary>How a stack that is not yet started will reach its Azure storage.</summary>
    public static string ConnectionStringOf(StackOptions options) => new StackSettings(options).AzureConnectionString;

    /// <summary>The Functions app's default host key, made by the app at its first start.</summary>
    public string FunctionsKey => HostKeys.ReadDefault(Options.DataDirectory);

    public ChildProcess Functions => _programs.Single(p => p.Name == MemberNames.Functions);

    public ChildProcess Lambda => _programs.Single(p => p.Name == MemberNames.Lambda);

    public ChildProcess Events => _programs.Single(p => p.Name == MemberNames.Events);

    public IEnumerable<ChildProcess> Workers => _programs.Where(p => p.Name.StartsWith(MemberNames.Worker, StringComparison.Ordinal));

    /// <summary>Where each worker serves its metrics, without a key.</summary>
    public IEnumerable<Uri> WorkerMetrics => Enumerable.Range(1, Options.Workers).Select(_settings.WorkerMetrics);

    public IEnumerable<ChildProcess> Members => [.. _storage, .. _programs];

    /// <summary>
    /// Starts everything and returns when each member answers and there are models to analyse with; on failure everything started is
    /// stopped again.
    /// </summary>
    public static async Task<LocalStack> StartAsync(StackOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        Prerequisites.Check(options);
        LocalStack stack = new(options, DataFolderLock.Take(options.DataDirectory), time);
        try
        {
            stack.StartStorage();
            // The programs retry until storage answers, so all start side by side.
            stack.StartPrograms();
            await stack.WaitUntilReadyAsync(cancellationToken);
            await stack.PrepareBlobsAsync(cancellationToken);
            await stack.RegisterModelsAsync(cancellationToken);
            stack.StartReport();
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the stores alone; programs can be started over them later.</summary>
    public static async Task<LocalStack> StartStoresAsync(StackOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        Prerequisites.Check(options);
        LocalStack stack = new(options, DataFolderLock.Take(options.DataDirectory), time);
        try
        {
            stack.StartStorage();
            await stack.WaitUntilAnsweredAsync([stack.BlobProbe, stack._settings.S3Address], cancellationToken);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops Azurite and the S3 server, as if the network to both stores were cut.</summary>
    public async Task StopStorageAsync()
    {
        foreach (ChildProcess server in _storage)
        {
            await server.DisposeAsync();
        }
        _storage = [];
    }

    /// <summary>Starts both stores again over the data they had.</summary>
    public void StartStorage()
    {
        _storage = _storage.Add(new ChildProcess(_settings.Azurite(), _time));
        _storage = _storage.Add(new ChildProcess(_settings.S3(), _time));
    }

    /// <summary>Stops all programs and leaves the stores up.</summary>
    public async Task StopProgramsAsync()
    {
        await Task.WhenAll(_programs.Select(program => program.DisposeAsync().AsTask()));
        _programs = [];
    }

    public void StartPrograms()
    {
        _programs = _programs.Add(new ChildProcess(_settings.Functions(), _time));
        _programs = _programs.Add(new ChildProcess(_settings.Lambda(), _time));
        _programs = _programs.Add(new ChildProcess(_settings.Events(), _time));
        for (int i = 1; i <= Options.Workers; i++)
        {
            _programs = _programs.Add(new ChildProcess(_settings.Worker(i), _time));
        }
    }

    /// <summary>
    /// Starts a second Functions app over the same stores, which takes the same keys; returns its address once it answers.
    /// </summary>
    public async Task<Uri> StartAnotherHostAsync(CancellationToken cancellationToken)
    {
        Uri address = new($"http://127.0.0.1:{StackPorts.FreePort()}/");
        DataFolder.Create(_settings.AnotherDataDirectory);
        File.Copy(HostKeys.PathIn(Options.DataDirectory), HostKeys.PathIn(_settings.AnotherDataDirectory), overwrite: true);
        _programs = _programs.Add(new ChildProcess(_settings.AnotherFunctions(address.Port), _time));
        await WaitUntilAnsweredAsync([new(address, HealthRoute)], cancellationToken);
        return address;
    }

    /// <summary>
    /// Starts any built Functions app on a host of its own over the same stores; returns once it answers this path with success.
    /// </summary>
    public async Task<FunctionsApp> StartAppAsync(
        string name,
        string folder,
        string path,
        string durableProvider,
        CancellationToken cancellationToken
    )
    {
        Uri address = new($"http://127.0.0.1:{StackPorts.FreePort()}/");
        _programs = _programs.Add(new ChildProcess(_settings.App(name, folder, address.Port, durableProvider), _time));
        await WaitUntilAnsweredAsync([new(address, path)], cancellationToken);
        return new FunctionsApp(address, HostKeys.PathIn(_settings.DataDirectoryOf(name)));
    }

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) =>
        WaitUntilAnsweredAsync(
            [BlobProbe, _settings.S3Address, _settings.LambdaHealth, new(FunctionsAddress, HealthRoute)],
            cancellationToken
        );

    /// <summary>At the first start over a data folder; later what is registered stays as it is.</summary>
    public async Task RegisterModelsAsync(CancellationToken cancellationToken)
    {
        using PipelineClient client = new(this);
        await SampleModels.RegisterAsync(client, Options.Models, Options.Environment, Options.HasGoldenSets, cancellationToken);
    }

    /// <summary>
    /// What people upload with makes no container by itself, and pages of the console upload from another origin. The S3 server makes its
    /// bucket, and takes presigned addresses from any page.
    /// </summary>
    private async Task PrepareBlobsAsync(CancellationToken cancellationToken)
    {
        BlobServiceClient blobs = new(AzureConnectionString);
        await blobs
            .GetBlobContainerClient(AssetLayout.MediaPrefix.TrimEnd('/'))
            .CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        BlobServiceProperties properties = await blobs.GetPropertiesAsync(cancellationToken);
        properties.Cors =
        [
            new BlobCorsRule
            {
                AllowedOrigins =
                    $"{_settings.FunctionsAddress.GetLeftPart(UriPartial.Authority)},http://localhost:{Options.Ports.Functions}",
                AllowedMethods = "GET,PUT",
                AllowedHeaders = "content-type,x-ms-*",
                ExposedHeaders = "",
                MaxAgeInSeconds = 3600,
            },
        ];
        await blobs.SetPropertiesAsync(properties, cancellationToken);
    }

    private void StartReport() =>
        _report = new StackReport(
            new AzureObjectStore(new AzureStorageOptions { ConnectionString = AzureConnectionString }),
            () => Members,
            _time
        );

    /// <summary>Of the Functions app an answer is not enough: it must be a good one.</summary>
    private async Task WaitUntilAnsweredAsync(Uri[] probes, CancellationToken cancellationToken)
    {
        using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(2) };
        long startedAt = _time.GetTimestamp();
        foreach (Uri probe in probes)
        {
            while (
                !await AnswersAsync(
                    http,
                    probe,
                    mustSucceed: probe.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal),
                    cancellationToken
                )
            )
            {
                ChildProcess? failed = Members.FirstOrDefault(member => member.KeepsEnding);
                if (failed is not null)
                {
                    throw new StackException(
                        $"{failed.Name} keeps ending at start. Its last words: {LastWords.Of(failed.LogFile)} (log: {failed.LogFile})"
                    );
                }
                if (_time.GetElapsedTime(startedAt) > StartTimeout)
                {
                    throw new StackException(
                        $"{probe} did not answer within {StartTimeout.TotalSeconds:0} s. Logs: {_settings.LogDirectory}"
                    );
                }
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_report is not null)
        {
            await _report.DisposeAsync();
        }
        await StopProgramsAsync();
        await StopStorageAsync();
        await _logs.DisposeAsync();
        _hold.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri address, bool mustSucceed, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await http.GetAsync(address, cancellationToken);
            return !mustSucceed || response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
