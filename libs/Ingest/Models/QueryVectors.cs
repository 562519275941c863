using Serverless.Imaging;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Ingest.Analyzers;
using Serverless.Media.Images;
using Serverless.Serving;
using Serverless.Serving.Work;

namespace Serverless.Ingest.Models;

/// <summary>A query's vector and the space that it may be compared in.</summary>
public sealed record QueryVector(string Space, float[] Vector);

/// <summary>
/// Queries → vectors, by the version in whose space searches are answered; before there is one, by the version that serves. Captured like
/// every prediction. Thread-safe.
/// </summary>
public sealed class QueryVectors(Predictor predictor, ServingSpaces spaces, RolesOptions roles, TimeProvider time)
{
    /// <summary>By the first of the models of a role: of those for images, one that embeds texts too.</summary>
    /// <exception cref="ServingException">The model takes no texts.</exception>
    public Task<QueryVector> OfTextAsync(ModelRole role, string query, DateTimeOffset deadline, CancellationToken cancellationToken) =>
        EmbedAsync(role, new TextWork([query], 1, language: null), deadline, cancellationToken);

    /// <summary>By the first of the models for images. Takes over the picture.</summary>
    public Task<QueryVector> OfPictureAsync(DecodedImage picture, long bytes, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        RgbImage pixels = new(picture.Rgb, picture.Width, picture.Height);
        ImageSize original = new(picture.OriginalWidth, picture.OriginalHeight);
        return EmbedAsync(
            ModelRole.ImageEmbedding,
            new ImageWork(pixels, original, bytes, 1, choice: null, picture),
            deadline,
            cancellationToken
        );
    }

    /// <summary>Pixels of the shorter side below which a picture would be enlarged for the model that embeds it.</summary>
    public async Task<int> InputSideAsync(DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        (string model, int? version) = await FindAsync(ModelRole.ImageEmbedding, cancellationToken);
        using ModelLease lease = await predictor.LeaseAsync(model, version, Terms(deadline), cancellationToken);
        return lease.Model.InputSide;
    }

    private async Task<QueryVector> EmbedAsync(
        ModelRole role,
        IPredictionWork work,
        DateTimeOffset deadline,
        CancellationToken cancellationToken
    )
    {
        try
        {
            (string model, int? version) = await FindAsync(role, cancellationToken);
            Prediction prediction = await predictor.RunAsync(model, version, Terms(deadline), work, cancellationToken);
            float[] vector = ((float[][])prediction.Outcome.Value)[0];
            prediction.AfterAnswer();
            return new QueryVector(VectorSpace.Of(prediction.Model, vector.Length).Name, vector);
        }
        catch
        {
            work.Dispose();
            throw;
        }
    }

    private async ValueTask<(string Model, int? Version)> FindAsync(ModelRole role, CancellationToken cancellationToken) =>
        await spaces.FindAsync(role, cancellationToken) is { Serving: var serving }
            ? (serving.Model, serving.Version)
            : (roles.Searched(role), null);

    private CallTerms Terms(DateTimeOffset deadline) =>
        new(roles.Environment, null, null, RequestPriority.High, deadline, time.GetTimestamp());
}
