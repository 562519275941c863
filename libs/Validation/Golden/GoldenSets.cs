using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Serverless.Media.Images;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Validation.Golden;

/// <summary>
/// Golden sets in object storage: lines and pictures under their digests, which never change, and a pointer for each environment and
/// scope. Thread-safe.
/// </summary>
public sealed class GoldenSets(IObjectStore store, RegistryOptions registry, ImageReader images, TimeProvider time)
{
    /// <summary>Expects that a pointer is there, whichever.</summary>
    public const string AnyTag = "*";

    public const int MaxMediaBytes = 20 << 20;

    private const string MediaScheme = "sha256:";
    private const int MaxPointerBytes = 16 << 10;
    private const int MaxListed = 1_000;

    internal IObjectStore Store => store;

    /// <summary>Keeps a picture for golden sets; answers the name by which items mention it.</summary>
    /// <exception cref="Serverless.Media.MediaRejectedException">It is no picture that can be read.</exception>
    public async Task<string> StoreMediaAsync(ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        string type = images.ReadHeader(picture).MediaType;
        string digest = Convert.ToHexStringLower(SHA256.HashData(picture.Span));
        await PutAsync(GoldenLayout.Media(digest), picture, type, cancellationToken);
        return MediaScheme + digest;
    }

    /// <summary>A picture so small that many can be looked at, as JPEG.</summary>
    /// <exception cref="GoldenException">It is not stored.</exception>
    public async Task<byte[]> ReadThumbnailAsync(string media, int side, CancellationToken cancellationToken)
    {
        if (!IsMedia(media))
        {
            throw new GoldenException(GoldenFault.Missing, $"There is no picture '{media}'.");
        }
        BinaryData picture = await ReadMediaAsync(media, cancellationToken);
        using DecodedImage image = await images.DecodeAsync(picture.ToMemory(), side, minShorterSide: 0, cancellationToken);
        return Thumbnail.EncodeJpeg(image, side);
    }

    /// <summary>Checks that every picture that the lines mention is stored, then keeps them under their digest.</summary>
    /// <exception cref="GoldenException">A line mentions a picture that is not stored.</exception>
    public async Task<GoldenSet> StoreAsync(GoldenScope scope, GoldenLines lines, CancellationToken cancellationToken)
    {
        (ModelTask task, IReadOnlyList<GoldenItem> items) = (lines.Task, lines.Items);
        foreach (string media in MediaOf(task, items))
        {
            if (await store.FindAsync(GoldenLayout.Media(media[7..]), cancellationToken) is null)
            {
                throw new GoldenException(
                    GoldenFault.Invalid,
                    $"The picture {media} of item '{items.First(i => Mentions(task, i).Contains(media)).Id}' is not stored; POST "
                        + $"it to /api/golden/media first."
                );
            }
        }
        string digest = Convert.ToHexStringLower(SHA256.HashData(lines.Bytes.Span));
        await PutAsync(GoldenLayout.Set($"{scope}", digest), lines.Bytes, "application/jsonl", cancellationToken);
        return new GoldenSet(scope.ToString(), task, digest, items.Count, CountSlices(items));
    }

    /// <summary>Lets an environment judge by a set. Without an expected tag the newest caller wins.</summary>
    /// <exception cref="GoldenException">The pointer is another than expected.</exception>
    public async Task<GoldenPointer> PointAsync(
        string environment,
        GoldenScope scope,
        GoldenSet set,
        string by,
        string? expectedTag,
        CancellationToken cancellationToken
    )
    {
        CheckEnvironment(environment);
        if (string.IsNullOrWhiteSpace(by) || by.Length > 200)
        {
            throw new GoldenException(GoldenFault.Invalid, $"by has {by?.Length ?? 0} characters; it must say who, in 1 to 200.");
        }
        Stored<GoldenPointer>? stands = await PointerOf(GoldenLayout.Pointer(environment, $"{scope}"))
            .UpdateAsync(
                (found, _) =>
                    expectedTag is null || (expectedTag == AnyTag ? found is not null : found?.Tag == expectedTag)
                        ? new ValueTask<GoldenPointer?>(
                            found?.Value.Digest == set.Digest
                                ? found.Value
                                : new GoldenPointer(environment, scope.ToString(), set.Task, set.Digest, set.Items, by, time.GetUtcNow())
                        )
                        : throw Conflict(environment, scope, expectedTag, found?.Tag),
                cancellationToken
            );
        return Tagged(stands!);
    }

    /// <summary>The set by which an environment judges a model: its own, or that of its task; null where there is neither.</summary>
    public async Task<GoldenPointer?> FindAsync(string environment, string model, ModelTask task, CancellationToken cancellationToken) =>
        await FindPointerAsync(environment, GoldenScope.OfModel(model), cancellationToken)
        ?? await FindPointerAsync(environment, GoldenScope.OfTask(task), cancellationToken);

    public async Task<GoldenPointer?> FindPointerAsync(string environment, GoldenScope scope, CancellationToken cancellationToken)
    {
        CheckEnvironment(environment);
        return await PointerOf(GoldenLayout.Pointer(environment, $"{scope}")).ReadAsync(cancellationToken) is { } stored
            ? Tagged(stored)
            : null;
    }

    /// <summary>The pointers of all environments, at most 1,000.</summary>
    public Task<Listed<GoldenPointer>> ListAsync(CancellationToken cancellationToken) =>
        ListedDocuments.ReadAsync(
            store.ListAsync(GoldenLayout.PointersPrefix, cancellationToken),
            async (path, token) => await PointerOf(path).ReadAsync(token) is { } stored ? Tagged(stored) : null,
            MaxListed,
            cancellationToken
        );

    /// <summary>The lines of a set, checked against their digest.</summary>
    /// <exception cref="GoldenException">There is no such set, or it was changed.</exception>
    public async Task<BinaryData> ReadAsync(string scope, string digest, CancellationToken cancellationToken)
    {
        ObjectContent? content = GoldenRules.IsDigest(digest)
            ? await store.ReadAsync(GoldenLayout.Set(scope, digest), GoldenReader.MaxBytes, cancellationToken)
            : null;
        if (content is null)
        {
            throw new GoldenException(GoldenFault.Missing, $"There is no golden set '{digest}' of {scope}.");
        }
        return Convert.ToHexStringLower(SHA256.HashData(content.Data)) == digest
            ? content.Data
            : throw new InvalidDataException(
                $"The golden set {digest} of {scope} was changed in the storage: its lines have another digest. Store it again."
            );
    }

    /// <exception cref="GoldenException">It is not stored.</exception>
    public async Task<BinaryData> ReadMediaAsync(string media, CancellationToken cancellationToken) =>
        (await store.ReadAsync(PathOf(media), MaxMediaBytes, cancellationToken))?.Data
        ?? throw new GoldenException(GoldenFault.Missing, $"The picture {media} is no longer stored.");

    internal Task DeleteMediaAsync(string media, CancellationToken cancellationToken) =>
        store.DeleteAsync(PathOf(media), cancellationToken);

    private static bool IsMedia(string name) =>
        name.StartsWith(MediaScheme, StringComparison.Ordinal) && GoldenRules.IsDigest(name[MediaScheme.Length..]);

    private static string PathOf(string media) => GoldenLayout.Media(media[MediaScheme.Length..]);

    /// <summary>All sets that are stored, whether an environment judges by them or not.</summary>
    internal async IAsyncEnumerable<(string Scope, string Digest)> ListStoredAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (string prefix in GoldenLayout.SetsPrefixes)
        {
            await foreach (StoredObject found in store.ListAsync(prefix, cancellationToken))
            {
                if (GoldenLayout.SetOf(found.Path) is { } set)
                {
                    yield return set;
                }
            }
        }
    }

    /// <summary>The lines of a set, or null where it was removed meanwhile.</summary>
    /// <exception cref="InvalidDataException">It was changed in the storage.</exception>
    internal async Task<BinaryData?> FindLinesAsync(string scope, string digest, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(scope, digest, cancellationToken);
        }
        catch (GoldenException e) when (e.Fault == GoldenFault.Missing)
        {
            return null;
        }
    }

    /// <summary>
    /// Stores what is left of a set as another, and moves the pointers to it. Where nothing is left the pointers go. May be repeated.
    /// </summary>
    internal async Task MoveAsync(
        string scope,
        string digest,
        ReadOnlyMemory<byte> rest,
        int items,
        string by,
        CancellationToken cancellationToken
    )
    {
        string next = Convert.ToHexStringLower(SHA256.HashData(rest.Span));
        if (items > 0)
        {
            await PutAsync(GoldenLayout.Set(scope, next), rest, "application/jsonl", cancellationToken);
        }
        foreach (string environment in registry.Environments)
        {
            string pointer = GoldenLayout.Pointer(environment, scope);
            Stored<GoldenPointer>? stands = await PointerOf(pointer)
                .UpdateAsync(
                    found =>
                        found?.Digest == digest && items > 0
                            ? found with
                            {
                                Digest = next,
                                Items = items,
                                By = by,
                                At = time.GetUtcNow(),
                            }
                            : found,
                    cancellationToken
                );
            if (stands?.Value.Digest == digest)
            {
                await store.DeleteAsync(pointer, cancellationToken);
            }
        }
    }

    internal Task DeleteAsync(string scope, string digest, CancellationToken cancellationToken) =>
        store.DeleteAsync(GoldenLayout.Set(scope, digest), cancellationToken);

    /// <summary>Writes lines as a file, and the pictures that they mention beside it by their digests, as trials read them.</summary>
    internal async Task WriteAsync(
        string file,
        ModelTask task,
        BinaryData lines,
        IReadOnlyList<GoldenItem> items,
        CancellationToken cancellationToken
    )
    {
        await File.WriteAllBytesAsync(file, lines.ToArray(), cancellationToken);
        foreach (string media in MediaOf(task, items))
        {
            await File.WriteAllBytesAsync(
                Path.Combine(Path.GetDirectoryName(file)!, media["sha256:".Length..]),
                (await ReadMediaAsync(media, cancellationToken)).ToArray(),
                cancellationToken
            );
        }
    }

    /// <summary>All pictures that an item can mention, whatever its task.</summary>
    internal static IEnumerable<string> PicturesOf(GoldenItem item) =>
        new[] { item.Media }.Concat(item.Documents ?? []).OfType<string>().Where(IsMedia);

    /// <summary>All pictures that items mention, once each.</summary>
    internal static IEnumerable<string> MediaOf(ModelTask task, IEnumerable<GoldenItem> items) =>
        items.SelectMany(i => Mentions(task, i)).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Mentions(ModelTask task, GoldenItem item) =>
        (item.Media is { } media ? [media] : Array.Empty<string>()).Concat(
            GoldenRules.HasPicturesAsDocuments(task) ? item.Documents ?? [] : []
        );

    private static Dictionary<string, int> CountSlices(IReadOnlyList<GoldenItem> items) =>
        Judging
            .GoldenSlices.Of(items)
            .OrderByDescending(s => s.Items.Count)
            .Take(100)
            .ToDictionary(s => $"{s.Field}={s.Value}", s => s.Items.Count);

    private async Task PutAsync(string path, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancellationToken)
    {
        try
        {
            using Stream body = BinaryData.FromBytes(bytes).ToStream();
            await store.WriteAsync(path, body, WriteCondition.IfAbsent, contentType, cancellationToken);
        }
        catch (ObjectConflictException)
        {
            // What has this digest is there already.
        }
    }

    private void CheckEnvironment(string environment)
    {
        if (!registry.Environments.Contains(environment))
        {
            throw new GoldenException(
                GoldenFault.Invalid,
                $"'{environment}' is no environment; allowed are {string.Join(", ", registry.Environments)}."
            );
        }
    }

    private StoredDocument<GoldenPointer> PointerOf(string path) => new(store, path, MaxPointerBytes, time);

    private static GoldenPointer Tagged(Stored<GoldenPointer> stored) => stored.Value with { Tag = stored.Tag };

    private static GoldenException Conflict(string environment, GoldenScope scope, string expected, string? found) =>
        new(
            GoldenFault.Conflict,
            $"The golden set of {scope} in {environment} was not changed: expected was the tag {expected}, found was {found ?? "none"}."
        );
}
