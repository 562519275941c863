using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Captures;
using Serverless.Inference.Serving;
using Serverless.Serving;
using Serverless.Serving.OpenInference;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

/// <summary>
/// An inference response, written whole before it is sent: JSON, and behind it the outputs that were asked for as binary data.
/// </summary>
internal sealed class InferResult : IResult
{
    private const int MaxExpectedBytes = 1 << 20; // more comes by growing

    private readonly ArrayBufferWriter<byte> _body;
    private readonly int? _jsonLength;

    /// <exception cref="Http.RequestProblem">JSON cannot hold an output.</exception>
    public InferResult(InferRequest asked, PredictionId id, IReadOnlyList<NamedTensor> outputs)
    {
        Dictionary<string, object> parameters = new() { ["prediction_id"] = id.ToString(), ["arm"] = id.Arm };
        InferResponse answer = new(id.Model, id.Version.ToString(CultureInfo.InvariantCulture), asked.Id, parameters, outputs);
        // a float of 4 bytes takes about 12 digits
        long data = outputs.Sum(output => BinaryTensorData.LengthOf(output) * (asked.IsBinary(output.Name) ? 1 : 3));
        _body = new ArrayBufferWriter<byte>(1_024 + (int)Math.Min(data, MaxExpectedBytes));
        InferResponseWriter.Write(answer, asked.IsBinary, _body);
        NamedTensor[] binary = [.. outputs.Where(output => asked.IsBinary(output.Name))];
        if (binary.Length == 0)
        {
            return;
        }
        _jsonLength = _body.WrittenCount;
        foreach (NamedTensor output in binary)
        {
            BinaryTensorData.Write(output, _body);
        }
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        if (_jsonLength is { } length)
        {
            response.Headers[BinaryTensorData.HeaderLength] = length.ToString(CultureInfo.InvariantCulture);
        }
        response.ContentType = _jsonLength is null ? "application/json" : "application/octet-stream";
        response.ContentLength = _body.WrittenCount;
        await response.Body.WriteAsync(_body.WrittenMemory, httpContext.RequestAborted);
    }
}
