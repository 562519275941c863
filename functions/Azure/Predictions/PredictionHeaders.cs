using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Access;
using Serverless.Serving;

namespace Serverless.Functions.Azure.Predictions;

internal static class PredictionHeaders
{
    /// <summary>
    /// Names a prediction in the headers, and has what is left to be done follow the last byte, whatever that is. To be called before
    /// anything else can fail.
    /// </summary>
    public static void Announce(this Prediction prediction, HttpResponse response)
    {
        response.Headers["X-Prediction-Id"] = prediction.Id.ToString();
        response.Headers["X-Model-Version"] = prediction.Id.Version.ToString(CultureInfo.InvariantCulture);
        response.Headers[ForcedArm.Header] = prediction.Id.Arm;
        response.OnCompleted(() =>
        {
            prediction.AfterAnswer();
            return Task.CompletedTask;
        });
    }
}
