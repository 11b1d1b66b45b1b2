using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace SmartCity.Cli.Asking;

/// <summary>Follows pages. Every paged call of the API has the same fields, so they are found by name.</summary>
internal static class Pages
{
    private const int PageSizeMax = 1_000;

    /// <summary>
    /// Calls until there are no more rows, or <see cref="Question.Limit"/> of them, and gives one response with all of them;
    /// it has a page token exactly when there are more.
    /// </summary>
    public static async Task<TResponse> AllAsync<TRequest, TResponse>(
        Question question, TRequest request, Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> call)
        where TRequest : IMessage
        where TResponse : class, IMessage<TResponse>
    {
        TResponse? all = null;
        while (true)
        {
            var wanted = question.Limit - (all is null ? 0 : Rows(all).Count);
            Field(request, "page_size").SetValue(request, Math.Min(wanted, PageSizeMax));
            var page = await call(request, question.Call);
            var next = NextToken(page);
            if (all is null)
            {
                all = page;
            }
            else
            {
                all.MergeFrom(page); // Appends the rows.
                Field(all, "next_page_token").SetValue(all, next);
            }
            if (next.Length == 0 || Rows(all).Count >= question.Limit)
            {
                return all;
            }
            Field(request, "page_token").SetValue(request, next);
        }
    }

    /// <summary>The token of the next page; empty after the last and for calls that have no pages.</summary>
    public static string NextToken(IMessage response) =>
        response.Descriptor.FindFieldByName("next_page_token")?.Accessor.GetValue(response) as string ?? "";

    private static IList Rows(IMessage response) =>
        (IList)response.Descriptor.Fields.InDeclarationOrder().First(f => f.IsRepeated).Accessor.GetValue(response);

    private static IFieldAccessor Field(IMessage message, string name) => message.Descriptor.FindFieldByName(name).Accessor;
}
