using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Media.Text;
using Serverless.Serving;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>The bytes of an asset of ours as input. No address is ever followed: it only names an asset of the ledger.</summary>
public sealed class AssetInputs(AssetStores stores, Ledger ledger, PredictionOptions options, TextOptions texts)
{
    private const string Assets = "/assets/";

    /// <summary>The id in an address like https://this-host/api/assets/{id}.</summary>
    public static string IdOf(string url, HttpRequest request)
    {
        string allowed = $"the address of an asset of this host: {request.Scheme}://{request.Host}/api{Assets}{{id}}";
        if (!Uri.TryCreate(url, UriKind.RelativeOrAbsolute, out Uri? uri) || url.Length > 2_000)
        {
            throw RequestProblem.BadRequest($"url is no address; allowed is {allowed}.");
        }
        string path = uri.IsAbsoluteUri ? uri.AbsolutePath : url;
        bool isOurs = !uri.IsAbsoluteUri || (uri.Scheme is "http" or "https" && uri.Authority == request.Host.Value);
        int at = path.IndexOf(Assets, StringComparison.Ordinal);
        if (!isOurs || at < 0 || !AssetSource.IsAssetId(path[(at + Assets.Length)..]))
        {
            throw RequestProblem.BadRequest($"url is '{url}'; allowed is {allowed}.");
        }
        return path[(at + Assets.Length)..];
    }

    public async Task<(ReadOnlyMemory<byte> Bytes, MediaVerdict Kind)> ReadAsync(string id, CancellationToken cancellationToken)
    {
        AssetSource source = await FindAsync(id, cancellationToken);
        ObjectContent content = await stores
            .MediaOf(source)
            .ReadAsync(stores.PathOf(source), Math.Max(options.MaxImageBytes, texts.MaxBytes), cancellationToken)
            ?? throw RequestProblem.NotFound($"The content of asset '{id}' is gone.");
        ReadOnlyMemory<byte> bytes = content.Data.ToMemory();
        return (bytes, MediaSniffer.Sniff(bytes.Span[..Math.Min(bytes.Length, MediaSniffer.HeadBytes)], bytes.Length));
    }

    /// <summary>The readable text of a text asset.</summary>
    public string ReadText(string id, ReadOnlyMemory<byte> bytes, MediaVerdict kind, CancellationToken cancellationToken)
    {
        if (kind.Kind != MediaKind.Text)
        {
            throw RequestProblem.Unsupported($"Asset '{id}' is {kind.MediaType}; allowed are texts and images.");
        }
        string text = TextDocument.Read(bytes, kind.MediaType, texts, cancellationToken).Normalised;
        return text.Length <= options.MaxTextCharacters
            ? text
            : throw RequestProblem.TooLarge($"Asset '{id}' has {text.Length:N0} characters; allowed are {options.MaxTextCharacters:N0}.");
    }

    private async Task<AssetSource> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (AssetSource.IsAssetId(id))
        {
            foreach (IObjectStore store in stores.All)
            {
                if (await ledger.ReadAsync(store.Name, id, cancellationToken) is { Newest: { } newest } document)
                {
                    return document.SourceOf(newest);
                }
            }
        }
        throw RequestProblem.NotFound($"There is no asset '{id}'.");
    }
}
