using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Bodies;
using Serverless.Imaging;
using Serverless.Inference.Serving;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Media.Text;
using Serverless.Serving;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>An asset as input: a picture's bytes, or a text where it is one.</summary>
public sealed record AssetInput(ReadOnlyMemory<byte> Image, string? Text);

/// <summary>The content of an asset of ours as input. No address is ever followed: it only names an asset of the ledger.</summary>
public sealed class AssetInputs(
    AssetStores stores,
    AssetDocuments documents,
    PredictionOptions options,
    TextOptions texts,
    CallerPictures pictures,
    DecodeBudget budget,
    TimeProvider time
)
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

    /// <summary>
    /// Waits for a text until the process has memory to read it: texts of many callers at once are bounded as all that is decoded is.
    /// A picture is held as one in the body of the request would be.
    /// </summary>
    /// <exception cref="RequestProblem">
    /// There is no such asset, or it was erased; as many pictures are held or decoded as are allowed.
    /// </exception>
    /// <exception cref="ServingException">DeadlinePassed.</exception>
    public async Task<AssetInput> ReadAsync(string id, HttpRequest request, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        LedgerDocument asset = await documents.FindAsync(id, cancellationToken);
        AssetSource source = asset.SourceOf(asset.Newest ?? throw Gone(id));
        IObjectStore media = stores.MediaOf(source);
        string path = stores.PathOf(source);
        ObjectContent head = await media.ReadHeadAsync(path, MediaSniffer.HeadBytes, cancellationToken) ?? throw Gone(id);
        MediaVerdict kind = MediaSniffer.Sniff(head.Data.ToMemory().Span, head.Object.Length);
        if (kind.Kind == MediaKind.Image)
        {
            pictures.CheckRoom();
            request.HttpContext.Features.Get<BodyShare>()?.Take(Math.Min(head.Object.Length, options.MaxImageBytes));
            return new AssetInput(await ReadAsync(media, path, options.MaxImageBytes, id, cancellationToken), Text: null);
        }
        if (kind.Kind != MediaKind.Text)
        {
            throw RequestProblem.Unsupported($"Asset '{id}' is {kind.MediaType}; allowed are texts and images.");
        }
        long needed = Math.Min(head.Object.Length, texts.MaxBytes) * TextDocument.BytesToRead;
        using DecodeBudget.Lease lease = await TakeAsync(Math.Min(needed, budget.Total), deadline, cancellationToken);
        ReadOnlyMemory<byte> bytes = await ReadAsync(media, path, texts.MaxBytes, id, cancellationToken);
        string text = await budget.RunAsync(
            () => TextDocument.Read(bytes, kind.MediaType, texts, cancellationToken).Normalised,
            cancellationToken
        );
        return text.Length <= options.MaxTextCharacters
            ? new AssetInput(default, text)
            : throw RequestProblem.TooLarge($"Asset '{id}' has {text.Length:N0} characters; allowed are {options.MaxTextCharacters:N0}.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(
        IObjectStore media,
        string path,
        long maxBytes,
        string id,
        CancellationToken cancellationToken
    ) => (await media.ReadAsync(path, maxBytes, cancellationToken) ?? throw Gone(id)).Data.ToMemory();

    private async Task<DecodeBudget.Lease> TakeAsync(long bytes, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        TimeSpan left = deadline - time.GetUtcNow();
        using CancellationTokenSource late = new(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await budget.TakeAsync(bytes, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServingException(ServingFault.DeadlinePassed, "The deadline of a request passed before its text was read.", e);
        }
    }

    private static RequestProblem Gone(string id) => RequestProblem.NotFound($"The content of asset '{id}' is gone.");
}
