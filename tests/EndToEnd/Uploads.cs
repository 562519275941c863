using System.Text;
using Serverless.Ingest;
using Serverless.Local.Stack;

namespace Serverless.EndToEnd;

/// <summary>Many uploads, half to each store.</summary>
internal static class Uploads
{
    /// <summary>Different short texts, half to each store.</summary>
    public static async Task<IReadOnlyList<AssetSource>> TextsAsync(PipelineClient client, int count, CancellationToken cancellationToken)
    {
        List<AssetSource> uploads = [];
        for (int i = 0; i < count; i++)
        {
            string text = $"Report {i}: the council of Nordhaven met on day {i} and spoke with Maria Keller about pier {i * 7}.";
            uploads.Add(
                await PipelineClient.UploadAsync(
                    client.Stores[i % 2],
                    $"texts/report-{i}.txt",
                    Encoding.UTF8.GetBytes(text),
                    cancellationToken
                )
            );
        }
        return uploads;
    }

    public static async Task<IReadOnlyList<AssetSource>> SamplesAsync(PipelineClient client, int count, CancellationToken cancellationToken)
    {
        // Small ones only: what is tried here is the kills, not the codecs.
        FileInfo[] samples =
        [
            .. new DirectoryInfo(Checkout.SamplesMedia)
                .GetFiles("*", SearchOption.AllDirectories)
                .Where(file =>
                    file.Length < 400_000
                    && file.Name != "expected.json"
                    && file.Extension is ".jpg" or ".png" or ".webp" or ".mp4" or ".webm"
                ),
        ];
        List<AssetSource> uploads = [];
        for (int i = 0; i < count; i++)
        {
            byte[] content = await File.ReadAllBytesAsync(samples[i % samples.Length].FullName, cancellationToken);
            uploads.Add(
                await PipelineClient.UploadAsync(
                    client.Stores[i % 2],
                    $"samples/{i}{samples[i % samples.Length].Extension}",
                    content,
                    cancellationToken
                )
            );
        }
        return uploads;
    }
}
