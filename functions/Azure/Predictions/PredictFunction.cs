using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Imaging;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Media.Images;
using Serverless.Registry;
using Serverless.Serving;
using Serverless.Serving.Work;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>Text or a picture in, a typed answer out: what the model is for decides which.</summary>
public sealed class PredictFunction(
    Predictor predictor,
    AssetInputs assets,
    CallerPictures pictures,
    PredictionOptions options,
    CallTermsReader reader
)
{
    [Function("Predict")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/predict/{model}")] HttpRequest request,
        string model,
        CancellationToken cancellationToken
    )
    {
        CallTerms terms = reader.Read(request, model);
        if (request.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true)
        {
            pictures.CheckRoom();
            ReadOnlyMemory<byte> image = await RequestBody.ReadAsync(request, options.MaxImageBytes, cancellationToken);
            return await AnswerAsync(
                request,
                model,
                terms,
                await WorkOfAsync(image, PredictBody.DefaultTop, null, terms, cancellationToken),
                null,
                cancellationToken
            );
        }
        if (!request.HasJsonContentType())
        {
            throw RequestProblem.Unsupported(
                $"The body's Content-Type is '{request.ContentType}'; allowed are application/json and image/*."
            );
        }

        PredictBody body = PredictBody.Read(await RequestBody.ReadAsync(request, options.MaxJsonBytes, cancellationToken), options);
        terms = terms.WithKey(body.Key) with { Parameters = body.ReadParameters() };
        (IPredictionWork work, IReadOnlyList<string>? texts) = await WorkOfAsync(request, body, terms, cancellationToken);
        return await AnswerAsync(request, model, terms, work, texts, cancellationToken);
    }

    private async Task<IResult> AnswerAsync(
        HttpRequest request,
        string model,
        CallTerms terms,
        IPredictionWork work,
        IReadOnlyList<string>? texts,
        CancellationToken cancellationToken
    )
    {
        Prediction prediction;
        try
        {
            prediction = await predictor.RunAsync(model, version: null, terms, work, cancellationToken);
        }
        catch
        {
            work.Dispose();
            throw;
        }
        prediction.Announce(request.HttpContext.Response);
        return Answers.Json(PredictAnswer.Of(prediction, texts));
    }

    private async Task<(IPredictionWork Work, IReadOnlyList<string>? Texts)> WorkOfAsync(
        HttpRequest request,
        PredictBody body,
        CallTerms terms,
        CancellationToken cancellationToken
    )
    {
        int top = body.Top ?? PredictBody.DefaultTop;
        if (body.Query is { } query)
        {
            return (new RerankWork(query, body.Documents!, body.TopN, body.Language), null);
        }
        if (body.ListTexts() is { } texts)
        {
            return (new TextWork(texts, top, body.Language), texts);
        }
        string id = body.Asset ?? AssetInputs.IdOf(body.Url!, request);
        AssetInput asset = await assets.ReadAsync(id, request, terms.Deadline, cancellationToken);
        if (asset.Text is { } found)
        {
            string[] text = [found];
            return (new TextWork(text, top, body.Language), text);
        }
        DetectionChoice choice = new(body.ScoreThreshold, body.OverlapThreshold, body.MaxDetections);
        return (await WorkOfAsync(asset.Image, top, choice, terms, cancellationToken), null);
    }

    private async Task<ImageWork> WorkOfAsync(
        ReadOnlyMemory<byte> image,
        int top,
        DetectionChoice? choice,
        CallTerms terms,
        CancellationToken cancellationToken
    )
    {
        if (image.Length > options.MaxImageBytes)
        {
            throw RequestProblem.TooLarge($"The image has {image.Length:N0} bytes; allowed are {options.MaxImageBytes:N0}.");
        }
        DecodedImage decoded = await pictures.DecodeAsync(image, options.DecodePixels, 0, terms.Deadline, cancellationToken);
        RgbImage pixels = new(decoded.Rgb, decoded.Width, decoded.Height);
        return new ImageWork(pixels, new ImageSize(decoded.OriginalWidth, decoded.OriginalHeight), image.Length, top, choice, decoded);
    }
}
