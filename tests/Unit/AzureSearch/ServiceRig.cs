using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Serverless.AzureSearch;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Models;
using Serverless.Ingest.Searches;
using Serverless.Ingest.Steps;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Serverless.Words;
using Xunit;

namespace Serverless.Unit.AzureSearch;

/// <summary>Analyses of the small test models in both engines: the one built in, and a service.</summary>
internal sealed class ServiceRig : IAsyncDisposable
{
    private readonly AssetRig _rig;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    private ServiceRig(AssetRig rig, SearchServer server)
    {
        (_rig, Server) = (rig, server);
        ServiceClient client = server.Connect();
        Index = IndexOf(client);
        Search = new ServiceSearch(client, Index, TimeProvider.System);
    }

    public SearchServer Server { get; }

    public ServiceIndex Index { get; }

    public ServiceSearch Search { get; }

    public IReadOnlyDictionary<string, JsonObject> Documents => Server.Indexes["assets"].Documents;

    public static async Task<ServiceRig> OpenAsync(SharedServers servers, CancellationToken cancellationToken)
    {
        ServiceRig rig = new(await AssetRig.OpenIndexedAsync(servers), await SearchServer.StartAsync(cancellationToken));
        foreach (ModelRole role in new[] { ModelRole.TextEmbedding, ModelRole.ImageEmbedding })
        {
            ServingSpace space = (await rig.Get<ServingSpaces>().FindAsync(role, cancellationToken))!;
            await rig.Index.HoldAsync(role, space.Serving.ToSpace(), cancellationToken);
        }
        return rig;
    }

    public T Get<T>()
        where T : notnull => _rig.Get<T>();

    /// <summary>Of what a program has.</summary>
    public ServiceIndex IndexOf(ServiceClient client) => ActivatorUtilities.CreateInstance<ServiceIndex>(_rig.Services, client);

    public string NameOf(string asset) => _names[asset];

    public async Task<AssetSource> AnalyseAsync(string name, string text)
    {
        AssetSource source = await _rig.Bucket.UploadAsync(name, Encoding.UTF8.GetBytes(text));
        _names[source.AssetId] = name;
        await Get<DirectIngest>().IngestAsync(source, 1, TestContext.Current.CancellationToken);
        return source;
    }

    /// <summary>To both engines.</summary>
    public async Task<AssetSource> AddAsync(string name, string text)
    {
        AssetSource source = await AnalyseAsync(name, text);
        await Get<AssetIndex>().AddAsync(source, TestContext.Current.CancellationToken);
        Get<WordIndex>().Refresh();
        await Index.AddAsync(source, TestContext.Current.CancellationToken);
        return source;
    }

    public async Task<AssetQuery> QueryAsync(string text, SearchMode mode)
    {
        WordQuery? words = mode == SearchMode.Meaning ? null : WordQuery.Parse(text);
        QueryVector? vector =
            mode == SearchMode.Words
                ? null
                : await Get<QueryVectors>()
                    .OfTextAsync(ModelRole.TextEmbedding, text, DateTimeOffset.UtcNow.AddMinutes(1), TestContext.Current.CancellationToken);
        return new AssetQuery(words, vector, ModelRole.TextEmbedding, new WordFilter(), 10);
    }

    public async ValueTask DisposeAsync()
    {
        Index.Dispose();
        await Server.DisposeAsync();
        await _rig.DisposeAsync();
    }
}
