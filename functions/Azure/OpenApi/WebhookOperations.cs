using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Webhooks;

namespace Serverless.Functions.Azure.OpenApi;

internal static class WebhookOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("Subscribe", "Has an address told of events, signed")
            .ByName()
            .Takes<SubscribeRequest>()
            .Gives<SubscriptionAnswer>(201, "With the secret, this once")
            .Fails(409),
        new Operation("ListSubscriptions", "Who is told").Gives<ListAnswer<SubscriptionAnswer>>(),
        new Operation("RotateSecret", "Another secret for a subscription; what is sent is signed with the one before too for a while")
            .Takes<RotateRequest>()
            .Gives<SubscriptionAnswer>(description: "With the secret, this once")
            .Fails(404),
        new Operation("Unsubscribe", "Ends a subscription").GivesNothing(204, "Ended").Fails(404),
        new Operation("ListDeliveries", "What was sent, with every try, the newest first")
            .Query("limit", "1 to 200; 50 if absent", "integer")
            .Gives<ListAnswer<DeliveryAnswer>>()
            .Fails(404),
        new Operation("Redeliver", "Sends one again").Gives<DeliveryAnswer>(202, "On its way").Fails(404, 409),
    ];
}
