using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Serving.Objectives;

namespace Serverless.Functions.Azure.Objectives;

/// <summary>What callers may rely on, and how much of that they got.</summary>
public sealed class ObjectivesFunction(ObjectiveBook objectives)
{
    [Function("ListObjectives")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/objectives")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Answers.Json(new ListAnswer<ObjectiveStanding>(await objectives.ReadAsync(cancellationToken), Next: null));
}
