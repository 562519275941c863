using System.Text.Json;

namespace Serverless.Media.Video;

/// <summary>What ffprobe says of a film, as a bounded child process.</summary>
internal static class Ffprobe
{
    private const int MaxAnswerBytes = 1024 * 1024;

    /// <param name="entries">What is asked, as ffprobe writes it.</param>
    /// <exception cref="MediaRejectedException">The header cannot be read, or not within the limits.</exception>
    public static async Task<JsonDocument> AskAsync(
        FfmpegInput input,
        string entries,
        VideoOptions options,
        CancellationToken cancellationToken
    )
    {
        string[] arguments =
        [
            "-hide_banner",
            "-loglevel",
            "level+error",
            .. input.Guards(),
            "-show_entries",
            entries,
            "-of",
            "json",
            "-i",
            input.Url,
        ];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ProbeLimit);
        await using BoundedProcess process = BoundedProcess.Start(options.Ffprobe, arguments, options.MaxProcessBytes);
        await using CancellationTokenRegistration kill = limit.Token.Register(process.Kill);
        var log = new DecoderLog(input, 1);
        Task follow = log.FollowAsync(process.Errors, CancellationToken.None);
        byte[] answer = new byte[MaxAnswerBytes];
        int length = await process.Output.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, CancellationToken.None);
        if (length == answer.Length)
        {
            process.Kill(); // no film describes itself at such length
        }
        await follow;

        cancellationToken.ThrowIfCancellationRequested();
        if (limit.IsCancellationRequested)
        {
            throw new MediaRejectedException(
                $"Reading the header of a {input.MediaType} file took longer than {options.ProbeLimit.TotalSeconds:F0} s."
            );
        }
        if (length == answer.Length)
        {
            throw new MediaRejectedException($"Found a {input.MediaType} file whose description is longer than {MaxAnswerBytes:N0} bytes.");
        }
        if (!await process.EndAsync(cancellationToken))
        {
            if (log.UnlistedDecoder is { } decoder)
            {
                throw VideoProbe.Unsupported(decoder);
            }
            throw new MediaRejectedException(
                $"Found a damaged {input.MediaType} file ({log.Errors}); " + $"allowed are files whose header can be read."
            );
        }
        return JsonDocument.Parse(answer.AsMemory(0, length));
    }
}
